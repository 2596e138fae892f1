/* The shop front's shelves: which products stand on them for whoever looks at the page? Without an answer a shelf goes. */
(() => {
"use strict";
const { customerToken } = document.currentScript.dataset;
const PATIENCE = 6000; // ms

/** element("span", "tile-name", text or child, ...) */
function element(tag, className, ...children) {
	const node = document.createElement(tag);
	node.className = className;
	node.append(...children);
	return node;
}

function tile(item) {
	const picture = Object.assign(new Image(400, 300), { src: item.image, alt: "", loading: "lazy" });
	const link = element("a", "tile", picture, element("span", "tile-name", item.name), element("span", "tile-why", item.reason),
		element("span", "tile-foot", element("span", "tile-price", item.price)));
	link.href = item.url;
	return element("li", "", link);
}

async function answer(kind, sku, count) {
	const query = new URLSearchParams({ kind, count });
	const headers = {};
	if (sku) query.set("sku", sku);
	else if (customerToken) headers.Authorization = `Bearer ${customerToken}`;
	else if (window.storekeep?.anonymousId) query.set("anonymous_id", window.storekeep.anonymousId);
	const response = await fetch(`/api/recommendations?${query}`, { headers, signal: AbortSignal.timeout(PATIENCE) });
	if (!response.ok) throw new Error(`no recommendations: ${response.status}`);
	return response.json();
}

async function fill(shelf) {
	const { kind, sku, popular } = shelf.dataset;
	const list = shelf.querySelector("ul");
	const found = await answer(kind, sku, list.children.length);
	if (!found.items.length) return shelf.remove();
	if (found.kind === "popular" && popular) shelf.querySelector("h2").textContent = popular;
	list.replaceChildren(...found.items.map(tile));
	shelf.removeAttribute("aria-busy");
}

for (const shelf of document.querySelectorAll(".live[data-kind]")) fill(shelf).catch(() => shelf.remove());
})();
