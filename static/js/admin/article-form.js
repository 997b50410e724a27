// Small helps on the article form: what the button will do, and the first mistake in sight.

const form = document.getElementById("article_form")
const publish = form?.querySelector("[data-publish]")

const hour = () => {
  const [day, month, year] = (form.elements.publish_at_0?.value ?? "").split(/[/-]/).map(Number)
  const [hours, minutes] = (form.elements.publish_at_1?.value || "0:0").split(":").map(Number)
  const at = new Date(year, month - 1, day, hours, minutes)
  return Number.isNaN(at.getTime()) ? null : at
}

const written = (at) =>
  at.toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" })

if (publish && !("scheduled" in publish.dataset)) {
  const hint = document.getElementById(publish.getAttribute("aria-describedby"))
  const [words, meaning] = [publish.textContent, hint.textContent]
  const adapt = () => {
    const at = hour()
    const ahead = at && at > new Date()
    publish.textContent = ahead ? "Hẹn giờ đăng" : words
    hint.textContent = ahead ? `tự lên trang lúc ${written(at)}` : meaning
  }
  adapt()
  form.addEventListener("input", adapt)
  // Django's calendar and clock fill the boxes without an event of their own.
  form.addEventListener("focusin", adapt)
  document.addEventListener("click", () => setTimeout(adapt))
}

// Django's autocomplete boxes do not say what they are for.
const nameBoxes = () => {
  for (const box of form.querySelectorAll(".select2-selection")) {
    const label = form.querySelector(`label[for="${box.closest(".select2").previousElementSibling.id}"]`)
    label.id ||= `${label.htmlFor}_label`
    box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby")}`)
  }
}

// With the jQuery that Django ships, the box opens without the cursor in it.
const startTyping = () => document.querySelector(".select2-container--open .select2-search__field")?.focus()

const showMistake = () => {
  const mistake = form.querySelector(".errors")
  mistake?.scrollIntoView({ block: "center" })
  const field = mistake?.querySelector(".select2-selection, input:not([type=hidden]), textarea")
  field?.focus({ preventScroll: true })
}

// After Django's own boxes were made: jQuery keeps the order in which it was asked.
window.django.jQuery(() => {
  if (!form) return
  nameBoxes()
  window.django.jQuery(form).on("select2:open", startTyping)
  showMistake()
})

// A second press while the first is on its way would meet its own changes.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = "yes"
})
window.addEventListener("pageshow", () => delete form?.dataset.sent)
