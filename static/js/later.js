// Starts what a page can do beyond being read, once the reader sees it: until then the line is free
// for style, font and photo. A photo that hangs holds nothing up for longer than three seconds.

const LONGEST = 3000

function start() {
  for (const later of document.querySelectorAll("template[data-later]")) {
    later.replaceWith(document.importNode(later.content, true))
  }
}

if (document.readyState === "complete") {
  start()
} else {
  // The frame that shows the photo, then the rest.
  addEventListener("load", () => requestAnimationFrame(() => setTimeout(start)), { once: true })
  setTimeout(start, LONGEST)
}
