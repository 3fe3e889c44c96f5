// Says what to do where the page's modules cannot run at all, and so cannot say it themselves. No module: those are what fails.
(function () {
  "use strict";
  function say(words) {
    var help = document.getElementById("help");
    var fallback = document.getElementById("fallback");
    if (help) help.remove();
    if (fallback) fallback.textContent = words;
  }
  function server() {
    return "To see it here, go to the folder with this file in a terminal, run “python3 -m http.server 8000” (or any other web server), and open http://localhost:8000/ in the browser.";
  }
  // Module scripts hold the load event up until they have run or failed.
  window.addEventListener("load", function () {
    if (window.moescopeStarting) return;
    if (location.protocol === "file:") {
      return say("This page was opened as a file, and browsers run no modules and no WebAssembly from files. " + server());
    }
    if (window.origin === "null") {
      return say("This page is in a frame that keeps it from its own files (sandbox without allow-same-origin). Open it in a tab of its own: " + location.href.split("#")[0] + " . Whoever made the frame can add allow-same-origin.");
    }
    var script = document.querySelector("script[type=module]").src;
    fetch(script, { method: "HEAD" }).then(function (response) {
      var type = response.headers.get("content-type") || "nothing";
      if (!response.ok) return say("The page could not be started: the server has no " + script + " (" + response.status + "). Whoever serves it must copy the whole folder.");
      if (!/(java|ecma)script/.test(type)) return say("The page could not be started: the server sends " + script + " as " + type + ", and browsers run scripts that are sent as text/javascript only. Whoever serves it must set that type for .js files.");
      say("The page could not be started, though its scripts are there. A current Chrome, Edge, Firefox or Safari can start it; if this is one, reload the page.");
    }, function () {
      say("The page could not be started: its scripts cannot be fetched from " + script + ". Check the connection, then reload the page.");
    });
  });
})();
