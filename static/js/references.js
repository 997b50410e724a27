// The title that a link shows over the text goes away on Escape (WCAG 1.4.13).

const SHOWN = ".reference:is(:hover, :focus-visible)"

function restore({ target }) {
  target.classList.remove("reference--quiet")
}

addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return
  for (const link of document.querySelectorAll(SHOWN)) {
    link.classList.add("reference--quiet")
    link.addEventListener("pointerleave", restore, { once: true })
    link.addEventListener("blur", restore, { once: true })
  }
})
