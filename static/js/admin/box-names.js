// The boxes that select2 draws bear the names of the fields that they stand for.

const nameBoxes = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const box = select.nextElementSibling?.querySelector("[role=combobox]")
    const name = select.labels[0]?.textContent.trim() ?? select.getAttribute("aria-label")
    if (!box || !name) continue
    box.removeAttribute("aria-labelledby")
    box.setAttribute("aria-label", name)
    // What was chosen stands in it as words, not as a second box without a name.
    for (const attribute of ["role", "aria-readonly"]) {
      box.firstElementChild.removeAttribute(attribute)
    }
  }
}

// Django's head of a column without a name is no head.
const dropEmptyHeads = () => {
  for (const head of document.querySelectorAll(".inline-group th:empty")) {
    const cell = document.createElement("td")
    cell.className = head.className
    head.replaceWith(cell)
  }
}

// As soon as they are drawn: Django draws them when its jQuery is ready.
window.django?.jQuery(nameBoxes)
window.django?.jQuery(dropEmptyHeads)
document.addEventListener("formset:added", () => setTimeout(nameBoxes))
