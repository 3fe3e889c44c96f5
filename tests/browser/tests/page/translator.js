// A translator as browsers have them: each text becomes two nested <font> elements, again after each change. It marks what
// it "translated" with a dot, so that one can see what was in its reach.
(() => {
  let off = false;
  const out_of_reach = "textarea, script, style, font, [translate=no]";
  const translate = (text) => {
    if (off || !text.isConnected || text.parentElement.closest(out_of_reach)) return;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    inner.textContent = `${text.data}·`;
    outer.append(inner);
    text.replaceWith(outer);
  };
  const all = (node) => {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const texts = node.nodeType === Node.TEXT_NODE ? [node] : [];
    while (walk.nextNode()) texts.push(walk.currentNode);
    texts.forEach(translate);
  };
  // Turned off: texts of its own stand where the page's were.
  window.translatorOff = () => {
    off = true;
    for (const font of document.querySelectorAll(":not(font) > font")) font.replaceWith(font.textContent.replaceAll("·", ""));
  };
  document.addEventListener("DOMContentLoaded", () => {
    const page = document.getElementById("page");
    if (!page) return; // about:blank
    all(page);
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) type === "characterData" ? all(target) : addedNodes.forEach(all);
    }).observe(page, { childList: true, characterData: true, subtree: true });
  });
})();
