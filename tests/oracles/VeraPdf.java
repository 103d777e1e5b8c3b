// Asks veraPDF whether files are PDF/A-2u: one line a file, exit status 1 where one is not.
//
// Run by `java -cp …:/usr/share/java/jaxb-runtime.jar:… VeraPdf.java FILE…`; `.ci/setup` fetches veraPDF.

import java.io.File;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.verapdf.core.ModelParsingException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

public final class VeraPdf {
    private static final PDFAFlavour LEVEL = PDFAFlavour.PDFA_2_U;
    private static final int FAILURES_SHOWN = 20;

    public static void main(String[] files) throws Exception {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        boolean all = files.length > 0;
        for (String file : files) {
            all &= compliant(file);
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean compliant(String file) throws Exception {
        var foundry = Foundries.defaultInstance();
        try (var parser = foundry.createParser(new File(file), LEVEL);
                var validator = foundry.createValidator(LEVEL, FAILURES_SHOWN, false, true, false)) {
            var result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "PDF/A-2u " : "NOT PDF/A-2u ") + file);
            for (var failure : result.getTestAssertions()) {
                var rule = failure.getRuleId();
                System.out.println("  " + rule.getClause() + "-" + rule.getTestNumber() + " "
                        + failure.getMessage() + " at " + failure.getLocation().getContext());
            }
            return result.isCompliant();
        } catch (ModelParsingException unreadable) {
            System.out.println("NOT PDF/A-2u " + file + "\n  it cannot be parsed: " + unreadable.getCause());
            return false;
        }
    }
}
