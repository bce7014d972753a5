// Choosing a suggestion of a search box searches it. Without this file, Enter or the button does.
// A choice is told from typing by the kind of its event; a title typed to its last letter waits for Enter, as any text does.
document.addEventListener("input", (event) => {
  const box = event.target;
  const isTyped = event instanceof InputEvent && event.inputType !== "insertReplacementText";
  if (isTyped || !(box instanceof HTMLInputElement) || !box.list || !box.form) {
    return;
  }
  if (Array.from(box.list.options).some((option) => option.value === box.value)) {
    box.form.requestSubmit();
  }
});
