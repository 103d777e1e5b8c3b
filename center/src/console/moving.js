// The truth table of the inquiry in the page. Without this script the button stays enabled, and the server refuses.
"use strict";
(() => {
  const peer = document.getElementById("peer");
  const consent = document.getElementById("consent");
  const ask = document.getElementById("ask");
  const state = document.getElementById("consent-state");
  const show = () => {
    const need = peer.selectedOptions[0].dataset.need;
    consent.disabled = need !== "yes";
    if (consent.disabled) consent.checked = false;
    ask.disabled = need === "" || (need === "yes" && !consent.checked);
    state.textContent =
      need === "" ? "転入元の市区町村を選んでください。"
      : need === "no" ? "双方が確認事項（追加分）に同意しているため、本人の同意は不要です。"
      : consent.checked ? "同意を確認しました。照会すると、同意の確認も記録されます。"
      : "この照会には本人の同意が必要です。";
  };
  peer.addEventListener("change", show);
  consent.addEventListener("change", show);
  show();
})();
