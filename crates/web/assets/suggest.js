// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody may be about to type, below a search box: <input data-suggest="ADDRESS">. It adds to a form that works without it.
// Guarantees: every word enters the page as text, never as markup; nothing is asked of another host; a failure says nothing.
'use strict';

(() => {
  const WAIT = 120;

  for (const box of document.querySelectorAll('input[data-suggest]')) {
    listen(box);
  }

  function listen(box) {
    const list = document.createElement('datalist');
    list.id = `suggestions-${Math.random().toString(36).slice(2)}`;
    box.after(list);
    box.setAttribute('list', list.id);
    let timer;
    let asked = '';
    box.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => ask(box.value.trim()), WAIT);
    });

    async function ask(typed) {
      if (typed.length < 2 || typed === asked) return;
      asked = typed;
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, {credentials: 'same-origin'});
        if (!answer.ok || typed !== asked) return;
        list.replaceChildren(...(await answer.json()).map(({value, label}) => {
          const option = document.createElement('option');
          option.value = value;
          option.label = label;
          return option;
        }));
      } catch {
        // The form is there.
      }
    }
  }
})();
