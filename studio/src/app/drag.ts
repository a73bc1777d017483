/** What a component of the palette is dragged as. */
export const dragType = "application/x-weft-component";
/** A file of the workspace, by its path. */
export const fileDragType = "application/x-weft-file";
