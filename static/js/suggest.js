// Suggests titles and signs while somebody types: a combobox with a list that appears by itself
// (w3.org/WAI/ARIA/apg/patterns/combobox). Without this script the form works as it is.

const WAIT = 150 // milliseconds without a key, before anything is asked
const SHORTEST = 2

class Suggestions {
  constructor(input) {
    this.input = input
    this.list = document.createElement("ul")
    this.list.className = "suggestions"
    this.list.id = `${input.id}-goi-y`
    this.list.setAttribute("role", "listbox")
    this.list.setAttribute("aria-label", "Gợi ý")
    this.list.hidden = true
    this.status = document.createElement("p")
    this.status.className = "visually-hidden"
    this.status.setAttribute("role", "status")
    input.after(this.list)
    input.form.append(this.status)
    input.setAttribute("role", "combobox")
    input.setAttribute("aria-autocomplete", "list")
    input.setAttribute("aria-controls", this.list.id)
    input.setAttribute("aria-expanded", "false")
    input.addEventListener("input", () => this.ask())
    input.addEventListener("keydown", (event) => this.press(event))
    input.addEventListener("blur", () => this.close())
    // Before the input loses focus, which would close the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault())
    this.list.addEventListener("click", (event) => this.go(event.target.closest("li")))
  }

  ask() {
    clearTimeout(this.timer)
    this.request?.abort()
    const typed = this.input.value.trim()
    if (typed.length < SHORTEST) return this.close()
    this.timer = setTimeout(() => this.fetch(typed), WAIT)
  }

  async fetch(typed) {
    this.request = new AbortController()
    const address = `${this.input.dataset.suggest}?q=${encodeURIComponent(typed)}`
    try {
      const answer = await fetch(address, { signal: this.request.signal })
      if (answer.ok) this.show(await answer.json())
    } catch {
      // No connection, or something else has been typed since: the form works without.
    }
  }

  show({ suggestions, said }) {
    if (document.activeElement !== this.input) return
    this.list.replaceChildren(...suggestions.map((one, place) => this.option(one, place)))
    this.choose(null)
    this.list.hidden = !suggestions.length
    this.input.setAttribute("aria-expanded", String(!this.list.hidden))
    this.status.textContent = said
  }

  option({ text, kind, address }, place) {
    const option = document.createElement("li")
    option.id = `${this.list.id}-${place}`
    option.dataset.address = address
    option.setAttribute("role", "option")
    option.setAttribute("aria-selected", "false")
    const note = document.createElement("span")
    note.textContent = kind
    option.append(text, note)
    return option
  }

  press(event) {
    if (event.isComposing) return
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault()
      this.close()
    } else if (event.key === "Enter" && this.chosen) {
      event.preventDefault()
      this.go(this.chosen)
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.step(event)
    }
  }

  step(event) {
    if (this.list.hidden) return
    event.preventDefault()
    const options = [...this.list.children, null]
    const from = options.indexOf(this.chosen)
    const to = from + (event.key === "ArrowDown" ? 1 : -1)
    this.choose(options.at(to % options.length))
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false")
    this.chosen = option
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    if (option) this.input.setAttribute("aria-activedescendant", option.id)
    else this.input.removeAttribute("aria-activedescendant")
  }

  go(option) {
    if (option) location.assign(option.dataset.address)
  }

  close() {
    clearTimeout(this.timer)
    this.request?.abort()
    this.choose(null)
    this.list.hidden = true
    this.input.setAttribute("aria-expanded", "false")
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input)
