// Lets people see the password that they are typing.

for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.dataset.showPassword)
  button.hidden = false
  button.addEventListener("click", () => {
    const shown = input.type === "text"
    input.type = shown ? "password" : "text"
    button.firstChild.data = shown ? "Hiện" : "Ẩn"
    input.focus()
  })
  // A browser offers to remember passwords, not texts.
  input.form.addEventListener("submit", () => (input.type = "password"))
}
