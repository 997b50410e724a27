// Opens the print dialogue of the browser.

const button = document.querySelector("[data-print]")

if (button) {
  button.hidden = false
  button.addEventListener("click", () => print())
}
