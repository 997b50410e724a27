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

// Whoever may not approve it is told why: that stays.
if (publish && !publish.disabled) {
  const hint = document.getElementById(publish.getAttribute("aria-describedby"))
  const [words, meaning] = [publish.textContent, hint.textContent]
  const adapt = () => {
    const chosen = hour()
    const ahead = chosen && chosen.at > new Date()
    publish.textContent = ahead ? `Duyệt, hẹn giờ ${chosen.words}` : words
    hint.textContent = ahead ? "bài tự lên trang đúng giờ ấy" : meaning
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
  const take = () => field?.focus({ preventScroll: true })
  take()
  // Nothing can be focused before the style is there; then the browser has chosen the title.
  const takeOver = () => document.activeElement.matches("body, [autofocus]") && take()
  if (mistake) addEventListener("load", takeOver, { once: true })
}

// After Django's own boxes were made: jQuery keeps the order in which it was asked.
window.django.jQuery(() => {
  if (!form) return
  nameBoxes()
  window.django.jQuery(form).on("select2:open", startTyping)
  showMistake()
})

// The note to readers is asked for where there is something to correct.
const note = form?.querySelector(".field-correction_note")
if (note) {
  const ask = () => {
    note.hidden = form.elements.change.value !== "substantive"
  }
  ask()
  form.addEventListener("change", ask)
}

// Into the text that stands in the editor, and to the very words, where they are found.
const findIn = (editor, words) => {
  editor.focus()
  const inside = editor.document?.$.defaultView
  inside?.getSelection().removeAllRanges()
  inside?.find?.(words)
}
form?.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-spot]")
  const id = link?.hash.slice(1)
  const editor = id && window.CKEDITOR?.instances[id]
  if (!id || !(editor || document.getElementById(id))) return
  event.preventDefault()
  const spot = editor ? editor.container.$ : document.getElementById(id)
  spot.scrollIntoView({ block: "center" })
  if (editor) findIn(editor, link.dataset.spot)
  else spot.focus({ preventScroll: true })
})

// Text of old fonts, converted by the server in the form alone: its author reads and stores it.
const convert = async (button) => {
  const field = document.getElementById(`id_${button.dataset.convert}`)
  const editor = window.CKEDITOR?.instances[field.id]
  const body = new FormData()
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
  body.append("field", field.name)
  body.append("text", editor ? editor.getData() : field.value)
  const said = document.createElement("strong")
  said.setAttribute("role", "status")
  button.after(said)
  try {
    const response = await fetch(button.dataset.url, { method: "POST", body })
    const { text } = await response.json()
    if (editor) editor.setData(text)
    else field.value = text
    field.dispatchEvent(new Event("change", { bubbles: true }))
    said.textContent = "Đã chuyển trong ô. Hãy đọc lại rồi bấm lưu."
    button.remove()
  } catch {
    said.textContent = "Chưa chuyển được. Hãy kiểm tra mạng, đăng nhập lại nếu cần, rồi bấm lại."
    button.addEventListener("click", () => said.remove(), { once: true })
  }
}
const convertible = new Set()
for (const button of form?.querySelectorAll("button[data-convert]") ?? []) {
  const field = document.getElementById(`id_${button.dataset.convert}`)
  // One press converts all lines of its field.
  if (!field?.form || convertible.has(field)) continue
  convertible.add(field)
  button.hidden = false
  button.addEventListener("click", () => convert(button))
}

// A second press while the first is on its way would meet its own changes.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = "yes"
})
window.addEventListener("pageshow", () => delete form?.dataset.sent)
