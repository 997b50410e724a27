// Text size of the article: four steps, remembered in this browser.

const KEY = "text-size"
const LARGEST = 3
const root = document.documentElement
const buttons = document.querySelectorAll("button[data-text-size]")

function remembered() {
  try {
    return Math.min(LARGEST, Math.max(0, Number(localStorage.getItem(KEY)) || 0))
  } catch {
    return 0 // storage is forbidden
  }
}

function remember(size) {
  try {
    localStorage.setItem(KEY, size)
  } catch {
    // The size still holds on this page.
  }
}

let size = Math.round(remembered())

function show() {
  root.dataset.textSize = size
  for (const button of buttons) {
    const end = button.dataset.textSize === "larger" ? LARGEST : 0
    button.setAttribute("aria-disabled", size === end)
  }
}

for (const button of buttons) {
  button.hidden = false
  button.addEventListener("click", () => {
    const step = button.dataset.textSize === "larger" ? 1 : -1
    size = Math.min(LARGEST, Math.max(0, size + step))
    remember(size)
    show()
  })
}
show()
