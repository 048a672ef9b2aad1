/**
 * Makes an element. Strings and numbers among the children become text, never markup: there is no other way to put
 * text onto a page here, so what a task says stays what it says.
 *
 * @param props attributes; those that begin with "on" are listeners, those that are null, undefined or false are left out
 */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for pictures. */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...kept(children));
  return element;
}

/** Puts these children in place of those that are there. */
export function put(element, ...children) {
  element.replaceChildren(...kept(children));
  return element;
}

function kept(children) {
  return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);
}

/** Changes a text only where it differs, so that a page that nothing happens on does nothing. */
export function say(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}

/** Calls now and again after each pause, until the page is left; not while nobody looks. */
export function every(millis, signal, call) {
  const again = async () => {
    if (signal.aborted) {
      return;
    }
    if (!document.hidden) {
      await call();
    }
    setTimeout(again, millis);
  };
  return again();
}
