    // What of a card's HTML is shown: text, pictures, sounds and their look, by a list of what is
    // allowed. DOMPurify reads the HTML without running or loading anything; what it leaves is
    // then kept from the page around: no name of an element is one of the page's, no style lies
    // over the page or asks the network.
    const clean = (() => {
        const module = { exports: {} };
        (function (exports) {
            // @include dompurify
        }).call(module.exports, module.exports);
        const purifier = module.exports;

        const PREFIX = "ankivault-own-";
        const ADDRESSES = new RegExp(
            "^(?:(?:https?|ftp|mailto|tel|sms|callto|cid|xmpp|matrix|geo|magnet|file|message|" +
                "anki|obsidian|zotero|logseq|notion|evernote|onenote|bear|things|craftdocs|" +
                "playsound|videoplay|tts|marginnote\\dapp|skim|x-devonthink-item|calibre|kindle|hook|spotify):|" +
                "[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))",
            "i",
        );
        const ANKIS_PLAYER = /^pycmd\('play:[qa]:\d{1,4}'\);? return false;?$/;
        const FRAMES = { iframe: "src", frame: "src", embed: "src", object: "data" };
        const CONFIG = {
            USE_PROFILES: { html: true, svg: true, svgFilters: true, mathMl: true },
            ADD_TAGS: ["use", "semantics", "annotation", "rb", "rtc"],
            ADD_ATTR: ["frame", "rules", "playsinline", "encoding", "controlslist"],
            FORBID_TAGS: [
                ...["style", "form", "button", "textarea", "select", "option", "optgroup"],
                ...["datalist", "dialog", "slot", "template", "shadow", "content", "element"],
                ...["canvas", "menuitem", "output", "fieldset", "legend", "marquee"],
            ],
            FORBID_ATTR: [
                ...["popover", "popovertarget", "popovertargetaction", "autofocus", "is"],
                ...["slot", "tabindex", "accesskey", "action", "method", "enctype"],
            ],
            FORBID_CONTENTS: [
                ...["script", "style", "template", "iframe", "noembed", "noframes"],
                ...["annotation-xml", "head"],
            ],
            ALLOWED_URI_REGEXP: ADDRESSES,
            SANITIZE_DOM: false, // every name gets a prefix below
            RETURN_DOM_FRAGMENT: true,
        };

        // A frame would run a page of its own. A link says what was there, where none in it does.
        purifier.addHook("uponSanitizeElement", (node, { tagName }) => {
            if (Object.prototype.hasOwnProperty.call(FRAMES, tagName) && node.parentNode) {
                const address = (node.getAttribute(FRAMES[tagName]) || "").trim();
                if (address && isShowable(address) && !node.querySelector("a[href]")) {
                    const link = node.ownerDocument.createElement("a");
                    link.setAttribute("href", address);
                    link.textContent = address.replace(/^https?:\/\//, "");
                    node.parentNode.insertBefore(link, node);
                }
            } else if (tagName === "input" && node.getAttribute("type") !== "checkbox") {
                node.remove();
            }
        });
        purifier.addHook("uponSanitizeAttribute", (node, data) => {
            const isUse = node.nodeName.toLowerCase() === "use";
            if (isUse && /href$/i.test(data.attrName) && !data.attrValue.startsWith("#")) {
                data.keepAttr = false; // only pieces of the same picture
            }
            if (data.attrName === "onclick" && ANKIS_PLAYER.test(data.attrValue)) {
                data.forceKeepAttr = true;
            }
        });

        function isShowable(address) {
            return /^https?:/i.test(address) || !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(address);
        }

        // One declaration of a style: what it is worth, or nothing when it is left out.
        function isAllowed(name, value) {
            if (name === "position") {
                return !/fixed|sticky/i.test(value);
            }
            if (/^(?:behavior|-moz-binding)$/i.test(name)) {
                return false;
            }
            if (name.startsWith("--")) {
                return /^[\w\s#%.,()+*/-]*$/.test(value) && !/url|image|src|fixed|sticky/i.test(value);
            }
            if (/var\(/i.test(value) && name === "position") {
                return false;
            }
            const addresses = value.match(/url\(\s*["']?[^)]*/gi) || [];
            const others = /(?:image-set|cross-fade|src|element|paint)\(/i.test(value);
            return (
                !others &&
                addresses.every((one) => {
                    const address = one.replace(/^url\(\s*["']?/i, "");
                    return /^data:image\//i.test(address) || !/^(?:[a-z][a-z0-9+.-]*:|\/\/|\\)/i.test(address);
                })
            );
        }

        function cleanStyle(element) {
            const { style } = element;
            for (const name of Array.from(style)) {
                if (!isAllowed(name, style.getPropertyValue(name))) {
                    style.removeProperty(name);
                }
            }
            if (/var\(/i.test(style.position)) {
                style.removeProperty("position");
            }
            if (!style.length) {
                element.removeAttribute("style");
            }
        }

        // A name is for links and pieces within the card, and never one that the page asks for.
        function cleanAttribute(element, { name, value }) {
            if (name === "id" || name === "name") {
                element.setAttribute(name, PREFIX + value);
            } else if (/^(?:href|usemap)$/.test(name) && /^#./.test(value)) {
                element.setAttribute(name, `#${PREFIX}${value.slice(1)}`);
            } else if (name === "xlink:href" && /^#./.test(value)) {
                element.setAttributeNS(
                    "http://www.w3.org/1999/xlink", name, `#${PREFIX}${value.slice(1)}`,
                );
            } else if (/^(?:for|headers|aria-(?:labelledby|describedby|controls|owns))$/.test(name)) {
                element.setAttribute(name, value.trim().replace(/\S+/g, (id) => PREFIX + id));
            } else if (name !== "style" && /url\(/i.test(value)) {
                const inner = value.replace(/url\(\s*(["']?)#/gi, `url($1#${PREFIX}`);
                if (/url\(\s*["']?(?!#)/i.test(inner)) {
                    element.removeAttribute(name);
                } else {
                    element.setAttribute(name, inner);
                }
            }
        }

        return (html) => {
            if (!purifier.isSupported) {
                const words = document.createElement("span");
                words.textContent = String(html).replace(/<[^>]*>?/g, " ");
                return words;
            }
            const content = purifier.sanitize(String(html), CONFIG);
            for (const element of content.querySelectorAll("*")) {
                Array.from(element.attributes).forEach((one) => cleanAttribute(element, one));
                if (element.hasAttribute("style")) {
                    cleanStyle(element);
                }
                if (element.nodeName === "INPUT") {
                    element.disabled = true;
                }
            }
            return content;
        };
    })();
