// SPDX-License-Identifier: AGPL-3.0-or-later
// What somebody may be about to type, below a box: <input data-suggest="ADDRESS">. It adds to a form that works without it.
// The box becomes a combobox with a listbox (ARIA 1.2): arrows choose, Enter takes, Escape closes; how many there are is announced.
// With data-suggest-into="FIELD", that field of the form keeps the record of what was chosen, until something else is typed.
// With <button data-nearby="ADDRESS">, the commune around the visitor is put into the box "lieu" of its form, which is then sent: where they are
// is asked when they press, and leaves the browser rounded to a hundredth of a degree.
// Guarantees: every word enters the page as text, never as markup; nothing is asked of another host; a failure says nothing.
'use strict';

(() => {
  const WAIT = 120;
  const words = document.currentScript.dataset;
  let count = 0;

  for (const box of document.querySelectorAll('input[data-suggest]')) {
    listen(box);
  }

  for (const button of document.querySelectorAll('button[data-nearby]')) {
    if (navigator.geolocation && window.isSecureContext) nearby(button);
  }

  function nearby(button) {
    const status = button.parentElement.querySelector('[aria-live]');
    button.parentElement.hidden = false;
    button.addEventListener('click', () => {
      status.textContent = '…';
      navigator.geolocation.getCurrentPosition(found, failed, {maximumAge: 600000, timeout: 15000});
    });

    async function found({coords}) {
      try {
        const [lat, lon] = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(2));
        const answer = await fetch(`${button.dataset.nearby}?lat=${lat}&lon=${lon}`, {credentials: 'same-origin'});
        const {value} = await answer.json();
        if (!value) return failed();
        button.form.elements.lieu.value = value;
        button.form.requestSubmit();
      } catch {
        failed();
      }
    }

    function failed() {
      status.textContent = button.dataset.failed;
    }
  }

  function made(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  function listen(box) {
    count += 1;
    const list = made('ul', {id: `suggestions-${count}`, className: 'suggestions', role: 'listbox', hidden: true});
    const status = made('span', {className: 'hidden', role: 'status'});
    list.setAttribute('aria-label', box.labels[0]?.textContent.trim() || box.name);
    const into = box.dataset.suggestInto && box.form.elements[box.dataset.suggestInto];
    const linked = into && box.form.querySelector(`[data-linked="${into.name}"]`);
    (box.closest('label') ?? box).after(list, status);
    // A box of the type "search" may not open a list (ARIA in HTML).
    if (box.type === 'search') Object.assign(box, {type: 'text', inputMode: 'search', enterKeyHint: 'search'});
    for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id], ['aria-expanded', 'false'], ['autocomplete', 'off']]) {
      box.setAttribute(name, value);
    }
    let timer;
    let asked = '';
    let active = -1;

    box.addEventListener('input', () => {
      keep('');
      clearTimeout(timer);
      timer = setTimeout(() => ask(box.value.trim()), WAIT);
    });
    box.addEventListener('keydown', (event) => {
      const many = list.children.length;
      // Past either end stands what was typed.
      if (event.key === 'ArrowDown' && many) move(list.hidden || active + 1 < many ? active + 1 : -1);
      else if (event.key === 'ArrowUp' && many) move(active < 0 ? many - 1 : active - 1);
      else if (event.key === 'Enter' && !list.hidden && active >= 0) take(list.children[active]);
      else if (event.key === 'Escape' && !list.hidden) close();
      else return;
      event.preventDefault();
    });
    box.addEventListener('blur', close);
    // The box keeps the focus while one is pointed at.
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]');
      if (option) take(option);
    });

    async function ask(typed) {
      if (typed === asked) return;
      asked = typed;
      if (typed.length < 2) return show([]);
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, {credentials: 'same-origin'});
        if (!answer.ok || typed !== asked) return;
        const found = await answer.json();
        if (typed === asked && document.activeElement === box) show(found, true);
      } catch {
        // The form is there.
      }
    }

    function show(found, told = false) {
      list.replaceChildren(...found.map(({value, label, record}, at) => {
        const option = made('li', {id: `${list.id}-${at}`, role: 'option'});
        option.setAttribute('aria-selected', 'false');
        Object.assign(option.dataset, {value, record: record ?? ''});
        option.append(value);
        if (label) option.append(' ', made('span', {className: 'small', textContent: label}));
        return option;
      }));
      if (found.length) open();
      else close();
      const many = found.length;
      if (told) status.textContent = many > 1 ? `${many} ${words.many}` : words[many ? 'one' : 'none'];
    }

    function open() {
      list.hidden = false;
      box.setAttribute('aria-expanded', 'true');
      const [at, around] = [box.getBoundingClientRect(), list.offsetParent.getBoundingClientRect()];
      Object.assign(list.style, {left: `${at.left - around.left}px`, top: `${at.bottom - around.top}px`, width: `${at.width}px`});
      move(-1);
    }

    function close() {
      list.hidden = true;
      box.setAttribute('aria-expanded', 'false');
      move(-1);
    }

    function move(to) {
      active = to;
      if (to >= 0 && list.hidden) {
        open();
        active = to;
      }
      [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === to)));
      if (to < 0) return box.removeAttribute('aria-activedescendant');
      box.setAttribute('aria-activedescendant', list.children[to].id);
      list.children[to].scrollIntoView({block: 'nearest'});
    }

    function take(option) {
      box.value = option.dataset.value;
      // Whoever types the same again is asked anew.
      asked = '';
      keep(option.dataset.record);
      list.replaceChildren();
      close();
      status.textContent = '';
      // What was to be searched for is searched for; of a longer form this is one field.
      if (box.name === 'q') box.form.requestSubmit();
    }

    function keep(record) {
      if (!into) return;
      into.value = record;
      if (linked) linked.textContent = record ? words.linked : '';
    }
  }
})();
