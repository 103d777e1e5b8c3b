# Words of the terminal, Portuguese (Brazil). Every screen's sentences stand here and nowhere else.
# A fault has its sentence and, as `.advice`, what to do next.

service-name = Certificados
terminal-number = Terminal { $terminal }
step-of = Passo { $number } de { $total }: { $name }
step-card = Cartão
step-choice = Escolher
step-check = Conferir
step-pay = Pagar
step-paper = Retirar
test-profile = Terminal de teste. O que ele imprime não é um certificado.
language-open = Idioma
language-title = Escolha o idioma

turn-up = Mais acima
turn-down = Mais abaixo
comfort-open = Tela e som
comfort-title = Tela e som
comfort-text = Tamanho do texto
comfort-text-usual = Normal
comfort-text-large = Grande
comfort-text-double = Dobro
comfort-contrast = Cores
comfort-contrast-usual = Normais
comfort-contrast-high = Alto contraste
comfort-volume = Volume
comfort-volume-off = Sem som
comfort-volume-low = Baixo
comfort-volume-usual = Normal
comfort-volume-high = Alto
comfort-keypad = Teclas numéricas
comfort-keypad-telephone = Como no telefone
comfort-keypad-shuffled = Embaralhadas
comfort-pace = Tempo de espera
comfort-pace-usual = Normal
comfort-pace-unhurried = Maior
comfort-done = Pronto
comfort-option = { $name }: { $choice }

back = Voltar
cancel = Cancelar
close = Fechar esta tela

warning-title = Quer continuar?
warning-text = Em { $seconds } segundos volta à tela inicial.
warning-text-money = Em { $seconds } segundos termina. O dinheiro inserido será devolvido.
warning-extend = Preciso de mais tempo

starting-title = Um momento, por favor
starting-text = Conectando à central.
unavailable-title = Indisponível agora
unavailable-text = O terminal continua tentando sozinho.

closed-title = Fora do horário
closed-text = Abre de novo em { $day }/{ $month }, às { $time }.
closed-hours = Todos os dias, das 6:30 às 23:00.
stopped-title = Emissão suspensa
stopped-text = No momento não são emitidos certificados. Volte mais tarde.

menu-title = Imprima o certificado de vacinação
menu-subtitle = Certificado de vacinação contra a COVID-19
menu-begin = Começar
menu-fee = { $fee } ienes por via, com imposto
menu-need-card = Cartão My Number
menu-need-pin = Senha de 4 números
menu-need-money = Moedas ou nota de 1000 ienes
menu-need-title = Você precisa de
menu-note = Não há devolução depois de impresso. Você vê tudo o que será impresso antes de pagar.

place-card-title = Coloque o cartão
place-card-text = Coloque o cartão My Number sobre o leitor.
place-card-note = Não mexa no cartão até digitar a senha.

kind-title = Qual certificado deseja?
kind-vaccination = Certificado de vacinação (COVID-19)
kind-pin-input-support = Usa a senha de apoio à entrada de dados
kind-pin-authentication = Usa a senha de autenticação do usuário

pin-title = Digite a senha
pin-profile-input-support = Senha de apoio à entrada de dados (4 números)
pin-profile-authentication = Senha de autenticação do usuário (4 números)
pin-tries = { $count ->
    [one] Resta { $count } tentativa
   *[other] Restam { $count } tentativas
}
pin-tries-note = { $count ->
    [one] Após { $count } erro a senha é bloqueada.
   *[other] Após { $count } erros a senha é bloqueada.
}
pin-wrong = A senha está errada. Confira e digite de novo.
pin-typed = { $count ->
    [one] { $count } número digitado
   *[other] { $count } números digitados
}
pin-erase = Apagar um
pin-clear = Apagar tudo
pin-ok = OK
last-try-title = Resta uma tentativa
last-try-text = Mais um erro bloqueia a senha. A prefeitura pode desbloquear.
last-try-wrong = A senha digitada agora estava errada.
last-try-go-on = Digitar mesmo assim

working-reading-tries = Verificando o cartão
working-proving = Lendo o cartão
working-records = Procurando os registros
working-passport = Comparando o número do passaporte
working-certificate = Preparando o certificado
working-printing = Imprimindo
working-cancelling = Parando a impressora
working-card-stays = Não mexa no cartão
working-wait = Aguarde, por favor
working-printing-note = Impressão nos dois lados. Pode levar dois minutos.
working-printing-sides = { $done } de { $sides } lados impressos
working-printing-trouble = Chame um funcionário. A impressão continua quando for resolvido; senão, o dinheiro será devolvido.

take-card-title = Retire o cartão
take-card-text = A próxima tela aparece quando você retirar o cartão.
card-left-text = O cartão ainda está no leitor. Não o esqueça.
beep = Um aviso está tocando

municipality-title = De qual município?
municipality-text = O município onde você tinha endereço registrado quando foi vacinado. Cada um emite o seu certificado.
municipality-prefecture = Província
municipality-unknown = Código { $code }

form-title = Qual tipo deseja?
form-municipality = Registros de { $name }
form-domestic = Para uso no Japão
form-domestic-text = Nome, data de nascimento e vacinas
form-overseas = Para uso no exterior e no Japão
form-overseas-text = Inclui os dados do passaporte e o nome em letras romanas
form-passport-needed = Será preciso digitar o número do passaporte ({ $masked })
form-closed = Indisponível

passport-title = Digite o número do passaporte
passport-text = Número registrado: { $masked }
passport-note = Digite o número completo do passaporte registrado.
passport-differed = O número é diferente.
passport-differed-left = { $count ->
    [one] O número é diferente. Resta { $count } tentativa.
   *[other] O número é diferente. Restam { $count } tentativas.
}
passport-typed = Número do passaporte: { $text }
passport-empty = Número do passaporte: ainda não digitado
passport-ok = Usar este número

copies-title = Quantas vias?
copies-count = { $count ->
    [one] { $count } via
   *[other] { $count } vias
}
copies-more = Mais uma via
copies-less = Menos uma via
copies-fee = { $copies ->
    [one] { $copies } via: { $fee } ienes
   *[other] { $copies } vias: { $fee } ienes
}
copies-each = { $fee } ienes por via, com imposto
copies-maximum = Até { $maximum } vias de cada vez.
copies-ok = Fazer estas vias

preview-title = Confira o que será impresso
preview-text = Se algo estiver errado, toque em Cancelar e procure a prefeitura.
preview-items = Em texto
preview-front = Frente
preview-back = Verso
preview-picture-soon = A imagem da página está sendo preparada
preview-picture-none = A imagem não pode ser mostrada. Confira pelo texto.
preview-ok = Está certo: pagar { $fee } ienes
preview-name = Nome
preview-roman = Nome em letras romanas
preview-birth = Data de nascimento
preview-nationality = Nacionalidade/região
preview-passport = Número do passaporte
preview-form = Tipo
preview-dose = Dose { $number }
preview-dose-date = Data
preview-dose-vaccine = Vacina
preview-dose-maker = Fabricante
preview-dose-product = Produto
preview-dose-lot = Lote
preview-dose-country = País
preview-certificate = Número do certificado
preview-issued = Data de emissão
preview-issuer = Emitido por
preview-mayor = Prefeito de { $name }
preview-minister = Ministro da Saúde, Trabalho e Bem-Estar do Japão
preview-copies = Vias
date = { $day }/{ $month }/{ $year }

pay-title = Insira o dinheiro
pay-fee = Valor
pay-inserted = Inserido
pay-rest = Falta
pay-yen = { $amount } ienes
pay-taken = Aceita moedas de 10, 50, 100 e 500 ienes e notas de 1000 ienes.
pay-note = A impressão começa quando o valor é pago. Depois não pode ser cancelada.

take-paper-title = Retire o certificado e o recibo
take-paper-text = { $copies ->
    [one] Há { $copies } via. Não esqueça nada.
   *[other] Há { $copies } vias. Não esqueça nada.
}
take-paper-change = Seu troco é de { $change } ienes.
take-paper-taken = Já retirei
paper-left-title = Ficou papel na bandeja
paper-left-text = O certificado de outra pessoa ficou na bandeja. Chame um funcionário.
paper-left-staff = Funcionário: papel retirado
paper-left-number = Emissão { $issuance }

thanks-title = Obrigado
thanks-wiped = Nenhum dado seu ficou neste terminal.
receipt-time = Data e hora
receipt-change = Troco
receipt-number = Número da emissão

refused-title = Não foi possível emitir
refused-cancelled-title = Cancelado
refused-returned = { $amount } ienes foram devolvidos.
refused-card = O cartão ainda está aqui. Retire-o.
refused-code = Código para consulta: { $code }
out-of-order-title = Com defeito
out-of-order-text = Este terminal não pode ser usado. Avise um funcionário.
out-of-service-title = Fora de serviço
out-of-service-supplies = Estamos repondo papel ou troco.
out-of-service-maintenance = O terminal está em inspeção.
out-of-service-repair = O terminal está em conserto.
out-of-service-shop = A loja fechou este terminal por enquanto.
out-of-service-staff = Um funcionário reabre quando estiver pronto.
out-of-service-elsewhere = Se tiver pressa, use o terminal de outra loja.
advice-title = O que fazer

tray-title = Bandeja simulada
tray-note = No lugar de cartão e dinheiro de verdade
tray-card-on = No leitor: { $name }
tray-card-off = Sem cartão no leitor
tray-pull = Retirar o cartão
tray-place = Colocar o cartão de { $name }
tray-pin = Senha { $pin }
tray-passport = Passaporte { $number }
tray-money = Inserir dinheiro
tray-reject = Inserir moeda inválida
tray-rejected = A moeda inválida foi devolvida
tray-returned = Devolvido: { $amount } ienes
tray-paper = Retirar o papel
tray-clock = Relógio { $time }
tray-clock-minutes = +2 min
tray-clock-hour = +1 h
tray-clock-night = 23:05
tray-yen = { $amount } ienes

fault-card-service = O leitor de cartões não está pronto.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-card-reader = O leitor de cartões não foi encontrado.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-card-missing = Não há cartão.
    .advice = Coloque o cartão My Number sobre o leitor e comece de novo.
fault-card-removed = O cartão se moveu durante a leitura.
    .advice = Deixe o cartão sobre o leitor e comece de novo.
fault-card-swapped = O cartão foi trocado por outro.
    .advice = Coloque um só cartão, não mexa nele e comece de novo.
fault-card-occupied = O cartão está em uso por outro processo.
    .advice = Espere um pouco e comece de novo.
fault-card-foreign = Este não é um cartão My Number.
    .advice = Coloque o cartão My Number. O cartão de notificação e o cartão Juki não servem.
fault-card-unreadable = O cartão não pôde ser lido.
    .advice = Tire o cartão da capa e coloque de novo. Se repetir, peça à prefeitura para verificar o cartão.
fault-card-silent = O cartão não responde.
    .advice = Coloque o cartão de novo e comece do início.
fault-pin-wrong = { $count ->
    [one] A senha está errada. Resta { $count } tentativa.
   *[other] A senha está errada. Restam { $count } tentativas.
}
    .advice = Confira a senha e digite de novo.
fault-pin-locked = A senha está bloqueada.
    .advice = Defina uma nova senha na prefeitura onde você mora. Leve o cartão e um documento.
fault-pin-last-try = O uso da última tentativa não foi confirmado.
    .advice = Se não souber a senha, a prefeitura pode definir uma nova.
fault-center-unreachable = Não foi possível conectar à central.
    .advice = Isso não quer dizer que não há registro. Tente de novo mais tarde.
fault-center-timed-out = A central não respondeu a tempo.
    .advice = Isso não quer dizer que não há registro. Tente de novo mais tarde.
fault-center-garbled = A resposta da central não pôde ser lida.
    .advice = Tente de novo mais tarde. Se repetir, avise um funcionário.
fault-document = Não foi possível confirmar que o documento recebido é seu.
    .advice = Nada foi impresso. Comece de novo. Se repetir, avise um funcionário.
fault-payment-short = O valor é { $fee } ienes; foram inseridos { $inserted } ienes.
    .advice = O dinheiro foi devolvido. Comece de novo.
fault-payment-change = Não há troco.
    .advice = O dinheiro foi devolvido. Insira o valor exato ou moedas menores.
fault-payment-not-taken = Esta moeda ou nota não é aceita.
    .advice = Ela foi devolvida. Insira outra.
fault-payment-jam = O dinheiro ficou preso.
    .advice = Chame um funcionário. Não tente puxar.
fault-payment-slot = A entrada de dinheiro não funciona.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-payment-owed = Não foi possível devolver { $amount } ienes.
    .advice = Chame um funcionário. O terminal registrou que esse dinheiro é seu.
fault-printer-unusable = A impressora não pode ser usada.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-printer-paper = A impressora está sem papel.
    .advice = Peça a um funcionário para pôr papel.
fault-printer-jam = O papel ficou preso na impressora.
    .advice = Avise um funcionário. Não puxe o papel.
fault-printer-door = A porta da impressora está aberta.
    .advice = Avise um funcionário.
fault-printer-toner = A impressora está sem toner.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-printer-held = A impressora está parada.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-printer-cancelled = A impressão foi cancelada na impressora.
    .advice = Nada foi impresso. Comece de novo ou avise um funcionário.
fault-printer-occupied = A impressora ainda tem outra impressão.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-printer-slow = Não foi possível imprimir a tempo.
    .advice = Nada foi impresso. O terminal de outra loja também pode emitir.
fault-printer-unknown = Não se sabe se o papel saiu.
    .advice = Chame um funcionário e espere aqui. Não toque no papel da impressora.
fault-journal = O terminal não consegue gravar os registros.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-random = A segurança do terminal não está funcionando.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-unresolved = Uma operação anterior ainda não foi conferida.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
fault-abandoned = Terminou porque ninguém tocou na tela por algum tempo.
    .advice = Para continuar, comece de novo.
fault-cancelled = Cancelado. Nada foi impresso.
    .advice = Para emitir, comece de novo.

problem-terminal-fault = Houve um erro entre o terminal e a central.
    .advice = Nada foi impresso. Avise um funcionário. O terminal de outra loja também pode emitir.
problem-terminal-unknown = Este terminal não está registrado.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
problem-terminal-outdated = O programa deste terminal está desatualizado.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
problem-clock-skew = O relógio deste terminal está errado.
    .advice = Avise um funcionário. O terminal de outra loja também pode emitir.
problem-busy = Há muitas pessoas usando agora.
    .advice = Isso não quer dizer que não há registro. Espere alguns minutos e tente de novo.
problem-store-unavailable = Não é possível consultar os registros agora.
    .advice = Isso não quer dizer que não há registro. Tente de novo mais tarde.
problem-service-stopped = A emissão de certificados está suspensa.
    .advice = Volte mais tarde.
problem-out-of-hours = Fora do horário.
    .advice = Venha entre 6:30 e 23:00, todos os dias.
problem-internal = Houve um erro na central.
    .advice = Isso não quer dizer que não há registro. Tente de novo mais tarde.
problem-challenge = O tempo para a confirmação acabou.
    .advice = Comece de novo.
problem-card-not-genuine = Os dados do cartão não são confiáveis.
    .advice = Peça à prefeitura onde você mora para verificar o cartão.
problem-holder-signature = A assinatura do cartão não pôde ser confirmada.
    .advice = Comece de novo. Se repetir, peça à prefeitura para verificar o cartão.
problem-certificate-untrusted = O certificado eletrônico do cartão não é confiável.
    .advice = Peça à prefeitura onde você mora para verificar o cartão.
problem-certificate-expired = O certificado eletrônico do cartão venceu.
    .advice = Renove o certificado eletrônico na prefeitura onde você mora.
problem-certificate-not-yet-valid = O certificado eletrônico do cartão ainda não vale.
    .advice = Pergunte na prefeitura a partir de quando ele vale.
problem-certificate-revoked = O certificado eletrônico do cartão foi revogado.
    .advice = Peça um novo certificado eletrônico na prefeitura onde você mora.
problem-certificate-purpose = O certificado eletrônico do cartão não serve para este uso.
    .advice = Peça à prefeitura onde você mora para verificar o cartão.
problem-revocation-unavailable = Não é possível verificar agora se o certificado eletrônico vale.
    .advice = Tente de novo mais tarde.
problem-session-unknown = Passou muito tempo desde a confirmação.
    .advice = Comece de novo.
problem-no-record = Nenhum registro de vacinação seu foi encontrado.
    .advice = Pergunte na prefeitura onde você tinha endereço quando foi vacinado.
problem-record-held = Seu registro de vacinação está em verificação.
    .advice = Até terminar, o terminal não pode emitir. Pergunte na prefeitura.
problem-person-protected = O terminal não pode emitir.
    .advice = O certificado é emitido no balcão da prefeitura onde você mora.
problem-municipality-out = Este município não emite em lojas.
    .advice = É emitido na prefeitura ou pelo aplicativo do celular.
problem-municipality-suspended = Este município suspendeu a emissão por enquanto.
    .advice = Volte outro dia ou pergunte na prefeitura.
problem-municipality-empty = Este município não tem registro de vacinação seu.
    .advice = Escolha o município onde você tinha endereço quando foi vacinado.
problem-chain-out = Esta loja não emite este certificado.
    .advice = Tente outra loja de conveniência participante.
problem-passport-unregistered = Nenhum passaporte está registrado.
    .advice = Emita uma vez o certificado para o exterior no balcão ou pelo aplicativo (desde 21/07/2022). Depois poderá escolher aqui.
problem-passport-expired = O passaporte registrado venceu.
    .advice = Emita uma vez o certificado para o exterior com o novo passaporte, no balcão ou pelo aplicativo. O tipo para o Japão pode ser emitido aqui.
problem-travel-document = O documento registrado não é um passaporte.
    .advice = O tipo para o exterior é emitido na prefeitura. O tipo para o Japão pode ser emitido aqui.
problem-trial-dose = Uma das doses foi de um ensaio clínico.
    .advice = O terminal não pode emitir. Pergunte na prefeitura.
problem-passport-mismatch = O número do passaporte é diferente do registrado.
    .advice = Olhe o passaporte e digite de novo.
problem-passport-attempts = O número do passaporte foi errado muitas vezes.
    .advice = Tenha o passaporte à mão e comece de novo.
problem-passport-unconfirmed = O número do passaporte não foi confirmado.
    .advice = Comece de novo e digite o número do passaporte.
problem-copies = Não é possível emitir este número de vias.
    .advice = Escolha outro número de vias.
problem-not-printable = Uma letra do nome ou de outro item não pode ser impressa corretamente aqui.
    .advice = O certificado é emitido no balcão da prefeitura onde você mora.
problem-in-progress = O certificado ainda está sendo preparado.
    .advice = Espere um pouco e comece de novo.
problem-withdrawn = Esta emissão foi retirada.
    .advice = Comece de novo.
