/* The shop front's own events, and its question whether it may keep them. The answer can be changed in the footer. */
(() => {
"use strict";
const { storekeep } = window;
const bar = document.getElementById("consent");
const again = document.getElementById("privacy-choice");
const { query, category } = document.getElementById("content").dataset;
if (!storekeep || navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;

function tell() {
	if (query) storekeep.track("Products Searched", { query });
	else if (category) storekeep.track("Product List Viewed", { category });
}

let asked = false;
for (const button of bar.querySelectorAll("button")) {
	button.addEventListener("click", () => {
		const agrees = button.value === "yes";
		bar.hidden = true;
		if (asked) again.focus();
		if (agrees === storekeep.choice) return;
		storekeep.consent(agrees);
		if (agrees) tell();
	});
}
again.hidden = false;
again.addEventListener("click", () => {
	asked = true;
	bar.hidden = false;
	bar.focus();
});
bar.hidden = storekeep.choice !== undefined;
tell();
})();
