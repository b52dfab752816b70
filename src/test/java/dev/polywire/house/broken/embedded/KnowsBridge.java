package dev.polywire.house.broken.embedded;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.bridge.KnowsWing;

@Breaks("embedded")
public interface KnowsBridge {

    KnowsWing bridge();
}
