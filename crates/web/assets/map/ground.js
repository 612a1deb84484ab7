// SPDX-License-Identifier: AGPL-3.0-or-later
// The ground of our maps: Leaflet over the departments of France, as outline.json holds them, or over an operator's tiles.
// L.ground(view, topology, said) makes the map and returns { map, departments: [{ id, name, bounds }] }.
// Each border is drawn once, by what lies on its two sides, so that the stylesheet tells coast, region and department apart.
// A town's name is there from the zoom on at which it has room. Nothing of it can be clicked, focused or heard.
'use strict';

(() => {
  // Beyond this an outline has nothing more to show.
  const NEAREST = { outline: 13, tiles: 18 };
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  L.ground = (view, topology, said) => {
    const map = L.map(view, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, renderer: L.svg({ padding: 0.5 }),
      minZoom: 4, maxZoom: said.tiles ? NEAREST.tiles : NEAREST.outline, zoomSnap: said.tiles ? 1 : 0.25,
      maxBounds: [[-85, -180], [85, 180]], maxBoundsViscosity: 1,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
    });
    if (still) map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
    L.control.zoom({ position: 'bottomright', zoomInTitle: said.labelZoomIn, zoomOutTitle: said.labelZoomOut }).addTo(map);
    // The wheel moves the page until somebody has turned to the map.
    map.on('focus', () => map.scrollWheelZoom.enable()).on('blur', () => map.scrollWheelZoom.disable());
    map.setView([46.5, 2.5], 5);
    const { departments, borders, towns } = decoded(topology);
    if (said.tiles) {
      // Tile servers want to know which site asks; the page's own policy would not tell them.
      L.tileLayer(said.tiles, { maxZoom: NEAREST.tiles, referrerPolicy: 'strict-origin-when-cross-origin' }).addTo(map);
    } else {
      draw(map, departments, borders);
      name(map, towns);
    }
    return { map, departments };
  };

  // TopoJSON as lines, and the departments they enclose.
  function decoded({ transform: { scale, translate }, objects, arcs, towns }) {
    const placed = ([x, y]) => [y * scale[1] + translate[1], x * scale[0] + translate[0]];
    const lines = arcs.map(arc => {
      let [x, y] = [0, 0];
      return arc.map(([dx, dy]) => placed([(x += dx), (y += dy)]));
    });
    const beside = lines.map(() => []);
    const departments = objects.departments.geometries.map(({ id, properties, arcs: polygons }) => {
      // ~n is line n, backwards.
      const rings = polygons.flat().map(ring => ring.flatMap(number => {
        const index = number < 0 ? ~number : number;
        beside[index].push(properties.region);
        return number < 0 ? [...lines[index]].reverse() : lines[index];
      }));
      return { id, name: properties.name, rings, bounds: L.latLngBounds(rings.flat()) };
    });
    const kind = ([one, other]) => other === undefined ? 'coast' : one === other ? 'department' : 'region';
    const borders = { department: [], region: [], coast: [] };
    lines.forEach((line, index) => borders[kind(beside[index])].push(line));
    return { departments, borders, towns: towns.map(([name, x, y, zoom, seat]) => ({ name, at: placed([x, y]), zoom, seat })) };
  }

  function draw(map, departments, borders) {
    map.getPane('overlayPane').setAttribute('aria-hidden', 'true');
    const drawn = { interactive: false, smoothFactor: 0.5, opacity: 1, fillOpacity: 1 };
    L.polygon(departments.flatMap(({ rings }) => rings), { ...drawn, className: 'map-ground' }).addTo(map);
    for (const [kind, lines] of Object.entries(borders)) L.polyline(lines, { ...drawn, className: `map-${kind}` }).addTo(map);
  }

  function name(map, towns) {
    map.createPane('towns').setAttribute('aria-hidden', 'true');
    const layers = new Map();
    for (const { name, at, zoom, seat } of towns) {
      const html = Object.assign(document.createElement('span'), { textContent: name });
      const icon = L.divIcon({ className: seat ? 'map-town map-seat' : 'map-town', html, iconSize: [4, 4] });
      if (!layers.has(zoom)) layers.set(zoom, L.layerGroup());
      layers.get(zoom).addLayer(L.marker(at, { icon, pane: 'towns', interactive: false, keyboard: false }));
    }
    const show = () => layers.forEach((layer, zoom) => zoom <= map.getZoom() ? layer.addTo(map) : layer.remove());
    map.on('zoomend', show);
    show();
  }
})();
