// The document form: what a sign suggests, one click to take it. Nothing is filled in by itself.

const marker = document.getElementById("suggestions")
const form = marker?.closest("form")
const PAUSE = 350

const put = (name, value, text) => {
  const field = form.elements[name]
  if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value)) {
    field.add(new Option(text, value))
  }
  field.value = value
  // Django's autocomplete listens through its own jQuery only.
  window.django?.jQuery(field).trigger("change")
  field.dispatchEvent(new Event("input", { bubbles: true }))
}

const take = (words, name, value, text = "") => {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button"
  button.textContent = words
  button.addEventListener("click", () => put(name, value, text))
  return button
}

const line = (label, parts) => {
  const row = document.createElement("p")
  row.append(`${label} `, ...parts.flatMap((part) => [part, " "]))
  return row
}

const duplicates = (same) => {
  const box = document.createElement("div")
  box.className = "suggested-same"
  const words = document.createElement("strong")
  words.textContent = "Thư viện đã có văn bản mang số này:"
  const list = document.createElement("ul")
  for (const { url, text, state } of same) {
    const item = document.createElement("li")
    const link = document.createElement("a")
    link.href = url
    link.target = "_blank"
    link.textContent = text
    item.append(link, ` (${state.toLowerCase()})`)
    list.append(item)
  }
  box.append(words, list)
  return box
}

const lacks = (name, value) => form.elements[name] && form.elements[name].value.trim() !== value

const rowsFor = ({ sign, types, issuers, terms, same }) => {
  const rows = []
  if (same.length) rows.push(duplicates(same))
  if (sign && lacks("sign", sign)) rows.push(line("Viết chuẩn:", [take(sign, "sign", sign)]))
  const offer = (label, name, choices) => {
    const other = choices.filter(({ id }) => lacks(name, id))
    if (other.length) rows.push(line(label, other.map(({ id, text }) => take(text, name, id, text))))
  }
  offer("Loại văn bản:", "type", types)
  offer("Cơ quan:", "issuer", issuers)
  offer("Nhiệm kỳ:", "term", terms.map((term) => ({ id: term, text: term })))
  return rows
}

let asked = 0
const ask = async () => {
  const turn = ++asked
  const query = new URLSearchParams({
    so: form.elements.sign.value,
    ngay: form.elements.issued_on.value,
    "co-quan": form.elements.issuer.value,
    "van-ban": marker.dataset.document,
  })
  try {
    const response = await fetch(`${marker.dataset.url}?${query}`, {
      headers: { Accept: "application/json" },
    })
    if (!response.ok || response.redirected || turn !== asked) return
    const rows = rowsFor(await response.json())
    if (turn !== asked) return
    marker.replaceChildren(...rows)
    marker.hidden = !rows.length
  } catch {
    // No network: the form works without suggestions, and saving checks again.
  }
}

let timer = 0
const soon = () => {
  clearTimeout(timer)
  timer = setTimeout(ask, PAUSE)
}

if (form?.elements.sign) {
  marker.className = "suggestions"
  marker.setAttribute("role", "status")
  form.querySelector(".field-sign").append(marker)
  for (const name of ["sign", "issued_on", "term"]) form.elements[name].addEventListener("input", soon)
  form.elements.type.addEventListener("change", soon)
  window.django?.jQuery(form).on("change", "select[name=issuer], select[name=type]", soon)
  if (form.elements.sign.value) ask()
  for (const button of form.querySelectorAll("[data-take]")) {
    const { take: name, value, text } = button.dataset
    button.hidden = false
    button.addEventListener("click", () => put(name, value, text))
  }
}
