// Lets a browser's translator and the page work on the same text. A translator takes text nodes out and puts <font>
// elements in their place; the page's framework goes on changing the nodes that it made, which nobody sees any more, and
// ends the page where it wants to put something before one of them. So before it touches such a node, the node goes back to
// its place with the new words, and the translator, which watches for changes, translates them again.
// What must not be translated at all is marked with translate="no": src/app/translate.rs.
(() => {
  const { insertBefore, removeChild } = Node.prototype;
  const value = Object.getOwnPropertyDescriptor(Node.prototype, "nodeValue");
  const stands = new WeakMap(); // A text that was taken out, and what stands in its place.
  const taken = new WeakMap(); // What stands for a text, and that text.
  let met = false;
  const isFont = (node) => node?.nodeName === "FONT";

  function stand(text, node) {
    stands.set(text, node);
    taken.set(node, text);
    met = true;
  }
  function note(changes) {
    for (const { target, addedNodes, removedNodes, previousSibling, nextSibling } of changes) {
      for (const gone of removedNodes) {
        if (gone.nodeType === Node.TEXT_NODE) {
          const font = [...addedNodes, previousSibling, nextSibling].find((node) => isFont(node) && !taken.has(node));
          if (font) stand(gone, font);
        }
        const text = taken.get(gone);
        if (!text || gone.isConnected || text.isConnected) continue;
        // Translated anew, turned off with a text of the translator's own, or said in another piece of the sentence.
        const next = [...addedNodes].find((node) => (isFont(node) || node.nodeType === Node.TEXT_NODE) && !taken.has(node));
        const place = next ?? document.createComment("");
        if (!next) insertBefore.call(target, place, nextSibling?.parentNode === target ? nextSibling : null);
        taken.delete(gone);
        stand(text, place);
      }
    }
  }
  const watch = new MutationObserver(note);
  watch.observe(document, { childList: true, subtree: true });

  function put(place, text) {
    place.replaceWith(text);
    stands.delete(text);
    taken.delete(place);
  }
  // Puts a text back where it was, and the other pieces of its sentence with it, for a translator may have said in one what
  // another says.
  function back(text) {
    if (text?.nodeType !== Node.TEXT_NODE || (text.parentNode && !isFont(text.parentNode))) return;
    note(watch.takeRecords());
    let place = text.parentNode ?? stands.get(text);
    while (isFont(place?.parentNode)) place = place.parentNode;
    const parent = place?.parentNode;
    if (!parent) return void stands.delete(text);
    put(place, text);
    for (const other of [...parent.childNodes]) {
      if (taken.has(other)) put(other, taken.get(other));
    }
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
