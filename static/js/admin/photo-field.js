// A photo of a form, chosen from the library instead of by its number.

const wire = (box) => {
  const input = box.querySelector("input")
  const picture = box.querySelector("img")
  const words = box.querySelector(".photo-field-words")
  const pick = box.querySelector("[data-pick]")
  const drop = box.querySelector("[data-drop]")

  const show = () => {
    const { url, alt, caption, needsAlt } = input.dataset
    picture.hidden = !input.value || !url
    if (!picture.hidden) picture.src = url
    picture.alt = alt || ""
    const missing = input.value && needsAlt ? "Ảnh chưa có mô tả: chưa đăng được. " : ""
    words.textContent = input.value ? missing + (caption || "") : ""
    pick.textContent = input.value ? "Đổi ảnh" : "Chọn ảnh"
    drop.hidden = !input.value
  }
  const set = (photo) => {
    input.value = photo?.id ?? ""
    Object.assign(input.dataset, {
      url: photo?.url ?? "",
      alt: photo?.alt ?? "",
      caption: photo?.caption ?? "",
      needsAlt: photo?.needs_alt ? "1" : "",
    })
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }

  input.hidden = true
  box.querySelector("[data-library]").hidden = true
  pick.hidden = false
  input.addEventListener("change", show)
  pick.addEventListener("click", () => window.portalPhotoPicker.open({ onPick: set }))
  drop.addEventListener("click", () => {
    set(null)
    pick.focus()
  })
  show()
}

document.querySelectorAll("[data-photo-field]").forEach(wire)
