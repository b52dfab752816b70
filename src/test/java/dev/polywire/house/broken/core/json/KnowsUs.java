package dev.polywire.house.broken.core.json;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.wire.KnowsNet;

@Breaks("core.json")
public interface KnowsUs {

    KnowsNet other();
}
