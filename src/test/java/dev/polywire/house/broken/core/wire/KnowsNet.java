package dev.polywire.house.broken.core.wire;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.net.Spi;

@Breaks("wire")
public interface KnowsNet {

    Spi spi();
}
