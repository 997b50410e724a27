// Small helps on a kept form: what the button will do, and the first mistake in sight.

const form = document.querySelector("input[name=autosave]")?.form
const publish = form?.querySelector("[data-publish]")

// The hour in the boxes is Vietnam's, wherever the computer believes it stands.
const hour = () => {
  const day = form.elements.publish_at_0?.value.match(/^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/)
  if (!day) return null
  const [date, month, year] = day.slice(1).map((part) => part.padStart(2, "0"))
  const time = (form.elements.publish_at_1?.value || "00:00").padStart(5, "0").slice(0, 5)
  const at = new Date(`${year}-${month}-${date}T${time}+07:00`)
  return Number.isNaN(at.getTime()) ? null : { at, words: `${time} ngày ${date}/${month}/${year}` }
}

if (publish && !("scheduled" in publish.dataset)) {
  const hint = document.getElementById(publish.getAttribute("aria-describedby"))
  const [words, meaning] = [publish.textContent, hint.textContent]
  const adapt = () => {
    const chosen = hour()
    const ahead = chosen && chosen.at > new Date()
    publish.textContent = ahead ? "Hẹn giờ đăng" : words
    hint.textContent = ahead ? `tự lên trang lúc ${chosen.words}` : meaning
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
    // In a table, the column's heading is the name.
    if (!label) continue
    label.id ||= `${label.htmlFor}_label`
    box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby")}`)
    box.querySelector("[role=textbox]").setAttribute("aria-labelledby", label.id)
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
