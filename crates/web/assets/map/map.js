// SPDX-License-Identifier: AGPL-3.0-or-later
// The map of the directory, and the map on which a place is picked in a form. It adds to a page that is whole without it:
// its <div class="map"> stays hidden until the map works, and is hidden again, without a word, when it cannot be made.
// Guarantees: every word comes from the page's data-attributes or from the data, and enters the page as text, never as
// markup; nothing is asked of another host unless data-tiles names one; who wants less motion gets none.
// The attributes are listed in README.md beside this file.
'use strict';

(() => {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  for (const place of document.querySelectorAll('div.map')) {
    start(place).catch(() => {
      place.hidden = true;
      place.replaceChildren();
    });
  }

  async function start(place) {
    const said = place.dataset;
    const isPicking = 'pick' in said;
    const [outline, points] = await Promise.all([
      fetched(said.outline),
      isPicking ? [] : fetched(said.points).then(found => found.features.map(read).filter(Boolean)),
    ]);
    const frame = place.appendChild(element('div', 'map-frame'));
    const view = frame.appendChild(element('div', 'map-view', '', { role: 'region', 'aria-label': said.label }));
    place.classList.toggle('map-pick', isPicking);
    place.hidden = false;

    const { map, departments } = L.ground(view, outline, said);
    const shown = territories(departments, points).filter(territory => isPicking || territory.points.length);
    isPicking ? pick(map, said, shown) : directory(map, frame, said, points, shown);
    if (shown.length > 1) place.append(jumps(map, said, shown));
    place.append(foot(said, points));
  }

  async function fetched(address) {
    const answer = await fetch(address, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  // A feature as a point, or nothing when it has no place.
  function read({ id, geometry, properties }) {
    const [east, north] = geometry?.type === 'Point' ? geometry.coordinates : [];
    return isPlace(north, east) ? { ...properties, id, at: L.latLng(north, east) } : null;
  }

  const isPlace = (north, east) => Math.abs(north) <= 90 && Math.abs(east) <= 180;

  // The mainland with Corsica, then each department overseas, with the points that lie there.
  function territories(departments, points) {
    const overseas = departments.filter(({ id }) => id.startsWith('97'));
    const mainland = departments.filter(({ id }) => !id.startsWith('97'));
    const bounds = L.latLngBounds(mainland.flatMap(({ bounds }) => [bounds.getSouthWest(), bounds.getNorthEast()]));
    return [{ name: null, bounds }, ...overseas].map(({ name, bounds }) =>
      ({ name, bounds, points: points.filter(({ at }) => bounds.pad(0.1).contains(at)) }));
  }

  function look(map, { bounds, points }) {
    const inside = points.length ? L.latLngBounds(points.map(({ at }) => at)) : bounds;
    map.fitBounds(inside, { padding: [16, 16], maxZoom: 10, animate: false });
  }

  function directory(map, frame, said, points, shown) {
    const search = frame.appendChild(button(said.labelSearch, 'map-search'));
    search.hidden = true;
    const form = document.getElementById(said.form);
    const asked = box(new URL(location).searchParams.get('bbox'));
    if (asked) map.fitBounds(asked, { animate: false });
    else if (shown.length) look(map, shown.reduce((most, other) => other.points.length > most.points.length ? other : most));

    // The address follows the map only when somebody moves it: not a popup that makes room, not a window that is resized.
    let isOurs = false;
    map.on('autopanstart resize', () => { isOurs = true; });
    map.on('moveend', () => {
      if (!isOurs) {
        const url = new URL(location);
        url.searchParams.set('bbox', seen(map));
        history.replaceState(history.state, '', url.href.replaceAll('%2C', ','));
        search.hidden = !form;
      }
      isOurs = false;
    });
    search.addEventListener('click', () => {
      const input = form.elements.bbox ?? form.appendChild(element('input', '', '', { type: 'hidden', name: 'bbox' }));
      input.value = seen(map);
      form.requestSubmit();
    });

    const group = clusters(map, said);
    const marker = point => L.marker(point.at, { icon: dot(point.estimated), title: point.name, autoPanOnFocus: false, point });
    const markers = points.map(marker);
    group.addLayers(markers).addTo(map);
    highlight(group, new Map(markers.map(marker => [marker.options.point.id, marker])));
  }

  // "west,south,east,north" of what the map shows, and bounds from such words, or nothing.
  const seen = map => map.getBounds().toBBoxString().replace(/(\.\d{4})\d+/g, '$1');

  function box(text) {
    const [west, south, east, north] = (text || '').split(',').map(parseFloat);
    const isBox = west < east && south < north && isPlace(south, west) && isPlace(north, east);
    return isBox ? L.latLngBounds([south, west], [north, east]) : null;
  }

  function clusters(map, said) {
    const group = L.markerClusterGroup({
      maxClusterRadius: 56, showCoverageOnHover: false, spiderfyOnMaxZoom: false, zoomToBoundsOnClick: false, animate: !still,
      iconCreateFunction: cluster => {
        const count = cluster.getChildCount();
        const html = element('span');
        html.append(element('span', '', number(count), { 'aria-hidden': true }), element('span', 'map-name', counted(said, count)));
        const size = Math.round(24 + 9 * Math.log10(count));
        return L.divIcon({ html, className: 'map-cluster', iconSize: [size, size] });
      },
    });
    const view = map.getContainer();
    let opener = null;
    const open = (markers, layer, event) => {
      opener = layer.getElement();
      const popup = L.popup({ minWidth: 160, maxWidth: 260, maxHeight: 240, offset: [0, -4], autoPanPadding: [12, 56] });
      popup.setLatLng(layer.getLatLng()).setContent(told(said, markers.map(marker => marker.options.point))).openOn(map);
      popup.getElement().querySelector('.leaflet-popup-close-button').setAttribute('aria-label', said.labelClose);
      // Zero clicks: a key, or what stands in for one.
      if (event.detail === 0) popup.getElement().querySelector('a[href]')?.focus();
    };
    group.on('click', ({ layer, originalEvent }) => open([layer], layer, originalEvent));
    group.on('clusterclick', ({ layer, originalEvent }) => {
      const bounds = layer.getBounds();
      const isOnePlace = bounds.getSouthWest().equals(bounds.getNorthEast());
      // Points that no zoom can part are listed. A cluster that is parted is gone, and the focus with it.
      if (isOnePlace || map.getZoom() === map.getMaxZoom()) return open(layer.getAllChildMarkers(), layer, originalEvent);
      layer.zoomToBounds({ padding: [32, 32] });
      if (originalEvent.detail === 0) view.focus();
    });
    map.on('popupclose', ({ popup }) => {
      const isLost = document.activeElement === document.body || popup.getElement()?.contains(document.activeElement);
      if (isLost) (opener?.isConnected ? opener : view).focus({ preventScroll: true });
    });
    view.addEventListener('keydown', event => {
      if (event.key === 'Escape') map.closePopup();
      if (!['Enter', ' '].includes(event.key) || !event.target.classList.contains('leaflet-marker-icon')) return;
      event.preventDefault();
      event.target.click();
    });
    // Points beyond the edge are drawn already; Tab passes them by, or it would lead all over the country.
    document.addEventListener('keydown', ({ key }) => {
      const inSight = key === 'Tab' && map.getBounds().pad(-0.04);
      if (inSight) map.eachLayer(layer => {
        if (layer.options.keyboard) layer.getElement().tabIndex = inSight.contains(layer.getLatLng()) ? 0 : -1;
      });
    });
    return group;
  }

  const number = count => count.toLocaleString(document.documentElement.lang);
  const counted = (said, count) => (said.labelGroup || '').replace('{count}', number(count));
  const dot = isEstimated => L.divIcon({ className: isEstimated ? 'map-point map-estimated' : 'map-point', iconSize: [28, 28] });

  function told(said, points) {
    const content = element('div');
    if (points.length === 1) {
      const [{ kind, name, url, commune }] = points;
      content.append(element('p', 'map-kind', kind), link(name, url), element('p', '', commune));
    } else {
      content.append(element('p', 'map-kind', counted(said, points.length)));
      const list = content.appendChild(element('ul'));
      for (const { name, url, kind } of points.sort((one, other) => one.name.localeCompare(other.name))) {
        list.appendChild(element('li')).append(link(name, url), element('p', 'map-note', kind));
      }
    }
    if (points.some(({ estimated }) => estimated)) content.append(element('p', 'map-note', said.labelEstimated));
    return content;
  }

  // A link to a page; to anything else it is only a name.
  function link(name, address) {
    const anchor = Object.assign(element('a', '', name), { href: address });
    return /^https?:$/.test(anchor.protocol) ? anchor : element('strong', '', name);
  }

  // The point of the list's entry under the pointer or with the focus, or the cluster that holds it.
  function highlight(group, markers) {
    let lit = null;
    const light = ({ target }) => {
      const marker = markers.get(target.closest?.('[data-point]')?.dataset.point);
      lit?.classList.remove('map-lit');
      lit = marker && group.getVisibleParent(marker)?.getElement();
      lit?.classList.add('map-lit');
    };
    for (const event of ['mouseover', 'focusin']) document.addEventListener(event, light);
  }

  // Picking a place: the two inputs are the place, the map is a way to fill them in.
  function pick(map, said, shown) {
    const inputs = [said.latitude, said.longitude].map(id => document.getElementById(id));
    const marker = L.marker([0, 0], { icon: dot(false), draggable: true, autoPan: true, keyboard: false });
    const show = () => {
      const [north, east] = inputs.map(({ value }) => value.trim() === '' ? NaN : Number(value.replace(',', '.')));
      return isPlace(north, east) ? marker.setLatLng([north, east]).addTo(map).getLatLng() : void marker.remove();
    };
    const write = ({ lat, lng }) => {
      inputs.forEach((input, index) => {
        input.value = [lat, lng][index].toFixed(5);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      });
      show();
    };
    const follow = () => {
      const at = show();
      if (at) map.setView(at, Math.max(map.getZoom(), 10));
    };
    look(map, shown[0]);
    follow();
    map.on('click', ({ latlng }) => write(latlng));
    marker.on('dragend', () => write(marker.getLatLng()));
    inputs.forEach(input => input.addEventListener('change', follow));
  }

  function jumps(map, said, shown) {
    const row = element('p', 'map-places');
    for (const territory of shown) {
      const count = territory.points.length ? ` (${number(territory.points.length)})` : '';
      row.appendChild(button((territory.name ?? said.labelMainland) + count)).onclick = () => look(map, territory);
    }
    return row;
  }

  function foot(said, points) {
    const line = element('p', 'map-foot');
    if (points.some(({ estimated }) => estimated)) {
      for (const [label, className] of [[said.labelExact, 'map-point'], [said.labelEstimated, 'map-point map-estimated']]) {
        line.appendChild(element('span', 'map-key')).append(element('i', className), element('span', '', label));
      }
    }
    const credit = said.attributionLink ? link(said.attribution, said.attributionLink) : element('span', '', said.attribution);
    line.appendChild(credit).classList.add('map-credit');
    return line;
  }

  const button = (text, className) => element('button', className, text, { type: 'button' });

  function element(tag, className = '', text = '', attributes = {}) {
    const made = Object.assign(document.createElement(tag), { className, textContent: text });
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }
})();
