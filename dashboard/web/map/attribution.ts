/** A piece of an attribution: plain text, or a link. */
export interface AttributionPart {
  readonly text: string;
  readonly href: string | null;
}

/**
 * Reads an attribution as map providers write it, in HTML. Only text and web links are kept,
 * so that an operator's setting can never bring markup or scripts into the page.
 */
export function parseAttribution(html: string): AttributionPart[] {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const parts: AttributionPart[] = [];
  const walk = (node: Node, href: string | null) => {
    if (node.nodeType === Node.TEXT_NODE && node.textContent) {
      parts.push({ text: node.textContent, href });
    }
    const link = node instanceof HTMLAnchorElement && /^https?:$/.test(node.protocol);
    for (const child of node.childNodes) walk(child, link ? node.href : href);
  };
  walk(body, null);
  return parts;
}
