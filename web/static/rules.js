"use strict";
// Says below the rules while they are typed whether they are sound. Without it, a button does.
(() => {
  const form = document.getElementById("rules-form");
  const verdict = document.getElementById("verdict");
  if (!form || !verdict) return;
  const text = form.elements.namedItem("text");
  let waiting = 0;
  let asked = 0;

  async function check() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const found = await answer.json();
      // What was typed since is asked about by itself.
      if (mine !== asked) return;
      verdict.textContent = found.line === null ? found.said : `Line ${found.line} of this text: ${found.said}`;
      verdict.className = found.ok ? "verdict notice good" : "verdict notice bad";
      text.setAttribute("aria-invalid", found.ok ? "false" : "true");
    } catch (error) {
      verdict.textContent = "It cannot be checked now: the server does not answer.";
      verdict.className = "verdict notice";
    }
  }

  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 350);
  });
})();
