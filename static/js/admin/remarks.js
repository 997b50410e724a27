// Marks sentences on the page that returns a text: what is selected goes into the next free row.

const rows = document.querySelector("[data-remarks]")
const text = document.querySelector("[data-remarkable]")

const box = (row, name) => row.querySelector(`[name=${name}]`)
const isFree = (row) => !box(row, "quote").value && !box(row, "remark").value

const addRow = () => {
  const all = rows.querySelectorAll(".remark-row")
  const row = all[all.length - 1].cloneNode(true)
  for (const name of ["quote", "remark"]) {
    const area = box(row, name)
    area.value = ""
    area.id = `id_${name}_${all.length + 1}`
    area.previousElementSibling.htmlFor = area.id
  }
  rows.append(row)
  return row
}

const selected = () => {
  const selection = document.getSelection()
  const inside = selection.rangeCount && text.contains(selection.getRangeAt(0).commonAncestorContainer)
  return inside ? selection.toString().replace(/\s+/g, " ").trim().slice(0, 1000) : ""
}

const remarkOn = (quote) => {
  const row = [...rows.querySelectorAll(".remark-row")].find(isFree) ?? addRow()
  box(row, "quote").value = quote
  box(row, "remark").focus()
}

if (rows && text) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button remark-button"
  button.textContent = "Góp ý câu đang chọn"
  button.disabled = !selected()
  // Pressing must not take the selection away before it is read.
  button.addEventListener("mousedown", (event) => event.preventDefault())
  button.addEventListener("click", () => selected() && remarkOn(selected()))
  document.addEventListener("selectionchange", () => (button.disabled = !selected()))
  text.querySelector("h2").after(button)
  rows.querySelector(".help").textContent =
    "Chọn một câu trong nội dung bên dưới rồi bấm “Góp ý câu đang chọn”, hoặc chép câu ấy vào ô."
}
