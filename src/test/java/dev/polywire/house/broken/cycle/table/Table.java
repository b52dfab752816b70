package dev.polywire.house.broken.cycle.table;

import dev.polywire.house.broken.cycle.chair.Chair;

/** Has chairs, which are at it: the two packages use each other. */
public interface Table {

    Chair first();
}
