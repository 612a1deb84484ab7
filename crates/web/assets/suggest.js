// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody may be about to type, below a search box: <input data-suggest="ADDRESS">. It adds to a form that works without it.
// Guarantees: every word enters the page as text, never as markup; nothing is asked of another host; a failure says nothing; arrows choose,
// Enter takes, Escape closes, and who cannot see the list is told of it (ARIA's combobox). Not a datalist: browsers do not open one whose
// words come late, and some on phones have none.
'use strict';

(() => {
  const WAIT = 120;

  for (const [number, box] of document.querySelectorAll('input[data-suggest]').entries()) {
    listen(box, `suggestions-${number}`);
  }

  function set(one, attributes) {
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  }

  function listen(box, id) {
    const label = box.closest('label');
    const list = document.createElement('ul');
    set(list, { id, class: 'suggestions', role: 'listbox', 'aria-label': label.textContent.trim(), hidden: '' });
    label.after(list);
    // A box of the type "search" is none that may open a list.
    set(box, { type: 'text', inputmode: 'search', enterkeyhint: 'search', role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': id });
    let timer;
    let asked = '';
    box.addEventListener('input', () => {
      clearTimeout(timer);
      choose(null);
      timer = setTimeout(() => ask(box.value.trim()), WAIT);
    });
    box.addEventListener('keydown', (event) => {
      const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (moves && list.children.length) {
        event.preventDefault();
        open(true);
        move(moves);
      } else if (event.key === 'Enter' && chosen()) {
        event.preventDefault();
        take(chosen());
      } else if (event.key === 'Escape' && !list.hidden) {
        event.preventDefault();
        open(false);
      }
    });
    box.addEventListener('blur', () => open(false));
    // The box keeps the focus, or the list would be gone before it is clicked.
    list.addEventListener('pointerdown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => event.target.closest('li') && take(event.target.closest('li')));

    const chosen = () => (list.hidden ? null : list.querySelector('[aria-selected=true]'));

    function open(isOpen) {
      list.hidden = !isOpen || !list.children.length;
      set(box, { 'aria-expanded': !list.hidden });
      if (list.hidden) choose(null);
      Object.assign(list.style, { left: `${box.offsetLeft}px`, top: `${box.offsetTop + box.offsetHeight}px`, minWidth: `${box.offsetWidth}px` });
    }

    // Past either end stands what was typed.
    function move(by) {
      const all = [...list.children];
      const at = all.indexOf(chosen());
      choose(all[at < 0 && by < 0 ? all.length - 1 : at + by] ?? null);
    }

    function choose(item) {
      for (const one of list.children) set(one, { 'aria-selected': one === item });
      if (item) set(box, { 'aria-activedescendant': item.id });
      else box.removeAttribute('aria-activedescendant');
      item?.scrollIntoView({ block: 'nearest' });
    }

    function take(item) {
      box.value = item.dataset.value;
      open(false);
      box.form.requestSubmit();
    }

    async function ask(typed) {
      if (typed === asked) return open(true);
      asked = typed;
      try {
        const answer = typed.length < 2 ? null : await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, {credentials: 'same-origin'});
        if (typed !== asked) return;
        const found = answer?.ok ? await answer.json() : [];
        list.replaceChildren(...found.map(({value, label}, at) => {
          const item = document.createElement('li');
          set(item, { id: `${id}-${at}`, role: 'option', 'aria-selected': false, 'data-value': value });
          const what = document.createElement('span');
          what.className = 'small';
          what.textContent = label;
          item.append(value, ' ', what);
          return item;
        }));
        open(document.activeElement === box);
      } catch {
        // The form is there.
      }
    }
  }
})();
