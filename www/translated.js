// Lets a browser's translator and the page work on the same text. A translator takes text nodes out and puts <font>
// elements in their place; the page's framework goes on changing the nodes that it made, which nobody sees any more, and
// ends the page where it wants to put something before one of them. So before it touches such a node, the node goes back to
// its place with the new words, and the translator, which watches for changes, translates them again.
// What must not be translated at all is marked with translate="no": src/app/translate.rs.
(() => {
  const { insertBefore, removeChild } = Node.prototype;
  const value = Object.getOwnPropertyDescriptor(Node.prototype, "nodeValue");
  const stands = new WeakMap(); // A text that was taken out, and what stands in its place.
  const taken = new WeakSet(); // What stands for a text already.
  let met = false;
  const isFont = (node) => node?.nodeName === "FONT";

  function note(changes) {
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of changes) {
      for (const text of removedNodes) {
        if (text.nodeType !== Node.TEXT_NODE) continue;
        const font = [...addedNodes, previousSibling, nextSibling].find((node) => isFont(node) && !taken.has(node));
        if (!font) continue;
        stands.set(text, font);
        taken.add(font);
        met = true;
      }
    }
  }
  const watch = new MutationObserver(note);
  watch.observe(document, { childList: true, subtree: true });

  // Puts a text back where it was.
  function back(text) {
    if (text?.nodeType !== Node.TEXT_NODE || (text.parentNode && !isFont(text.parentNode))) return;
    note(watch.takeRecords());
    let font = text.parentNode ?? stands.get(text);
    while (isFont(font?.parentNode)) font = font.parentNode;
    if (font?.parentNode) font.replaceWith(text);
    stands.delete(text);
  }

  Node.prototype.insertBefore = function (node, next) {
    back(node);
    back(next);
    // Whatever a translator made of the node that comes after it: a sentence in the wrong place is better than no page.
    return insertBefore.call(this, node, met && next && next.parentNode !== this ? null : next);
  };
  Node.prototype.removeChild = function (node) {
    back(node);
    return removeChild.call(this, node);
  };
  Object.defineProperty(Node.prototype, "nodeValue", {
    ...value,
    set(words) {
      back(this);
      value.set.call(this, words);
    },
  });
})();
