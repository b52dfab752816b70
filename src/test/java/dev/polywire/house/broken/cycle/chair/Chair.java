package dev.polywire.house.broken.cycle.chair;

import dev.polywire.house.broken.cycle.table.Table;

/** Is at a table. */
public interface Chair {

    Table at();
}
