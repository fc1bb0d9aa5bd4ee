import { Contrast, Hct, argbFromHex } from "@material/material-color-utilities";
import { describe, expect, it } from "vitest";

import { colours } from "../../build/theme";

const tone = (hex: string): number => Hct.fromInt(argbFromHex(hex)).tone;
const PAIRS = [
  ["primary", "onPrimary"],
  ["primaryContainer", "onPrimaryContainer"],
  ["secondaryContainer", "onSecondaryContainer"],
  ["tertiaryContainer", "onTertiaryContainer"],
  ["errorContainer", "onErrorContainer"],
  ["error", "onError"],
  ["surface", "onSurface"],
  ["surface", "onSurfaceVariant"],
  ["surface", "primary"],
  ["surface", "error"],
  ["surfaceContainerHigh", "onSurface"],
  ["surfaceContainerHigh", "onSurfaceVariant"],
  ["surfaceContainerHigh", "primary"],
] as const;

describe.each([
  ["light", false, 0, 4.5],
  ["dark", true, 0, 4.5],
  ["light, high contrast", false, 1, 7],
  ["dark, high contrast", true, 1, 7],
])("%s", (_, dark, contrast, least) => {
  it.each(PAIRS)("%s and %s can be told apart", (back, front) => {
    const set = colours(dark, contrast);
    expect(Contrast.ratioOfTones(tone(set[back]), tone(set[front]))).toBeGreaterThanOrEqual(least);
  });
});
