/**
 * The colours: every role of Material 3, computed from one seed at build time.
 *
 * Four sets (light, dark, each with higher contrast) become custom properties
 * `--md-<role>`. The person's system decides; the menu can overrule it by
 * `data-theme` and `data-contrast` on the root element.
 */
import {
  argbFromHex,
  Hct,
  hexFromArgb,
  MaterialDynamicColors,
  SchemeTonalSpot,
} from "@material/material-color-utilities";
import type { Plugin } from "vite";

/** A quiet teal: calm, and not the colour of any bank. */
export const SEED = "#2f6f6b";

const ROLES = [
  "primary",
  "onPrimary",
  "primaryContainer",
  "onPrimaryContainer",
  "secondaryContainer",
  "onSecondaryContainer",
  "tertiaryContainer",
  "onTertiaryContainer",
  "error",
  "onError",
  "errorContainer",
  "onErrorContainer",
  "surface",
  "onSurface",
  "onSurfaceVariant",
  "surfaceContainerLow",
  "surfaceContainer",
  "surfaceContainerHigh",
  "surfaceContainerHighest",
  "inverseSurface",
  "inverseOnSurface",
  "outline",
  "outlineVariant",
] as const;

type Role = (typeof ROLES)[number];

/** The colours of one set, as `#rrggbb`. `contrast` runs from 0 to 1. */
export function colours(dark: boolean, contrast: number): Record<Role, string> {
  const scheme = new SchemeTonalSpot(Hct.fromInt(argbFromHex(SEED)), dark, contrast);
  return Object.fromEntries(
    ROLES.map((role) => [role, hexFromArgb(MaterialDynamicColors[role].getArgb(scheme))]),
  ) as Record<Role, string>;
}

/** The style sheet that holds all four sets. */
export function sheet(): string {
  const set = (dark: boolean, contrast: number): string =>
    Object.entries(colours(dark, contrast))
      .map(([role, hex]) => `--md-${role.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}:${hex};`)
      .join("") + `color-scheme:${dark ? "dark" : "light"};`;
  const night = "@media (prefers-color-scheme:dark)";
  const strong = "@media (prefers-contrast:more)";
  const free = ":root:not([data-theme])";
  return [
    `:root{${set(false, 0)}}`,
    `${strong}{:root{${set(false, 1)}}}`,
    `${night}{${free}{${set(true, 0)}}${strong}{${free}{${set(true, 1)}}}}`,
    `:root[data-theme=light]{${set(false, 0)}}`,
    `:root[data-theme=dark]{${set(true, 0)}}`,
    `:root[data-contrast]{${set(false, 1)}}`,
    `${night}{${free}[data-contrast]{${set(true, 1)}}}`,
    `:root[data-theme=dark][data-contrast]{${set(true, 1)}}`,
  ].join("\n");
}

/** Serves the sheet as `virtual:theme.css`, and its surfaces to the page's head. */
export function theme(): Plugin {
  const name = "virtual:theme.css";
  return {
    name: "wenzhu-theme",
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? sheet() : null),
    transformIndexHtml: (html) =>
      html
        .replace("%LIGHT%", colours(false, 0).surface)
        .replace("%DARK%", colours(true, 0).surface),
  };
}
