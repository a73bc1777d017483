/** What a component of the palette is dragged as. */
export const dragType = "application/x-weft-component";
