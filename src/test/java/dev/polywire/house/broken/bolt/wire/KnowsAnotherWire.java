package dev.polywire.house.broken.bolt.wire;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.mongodb.wire.IsPure;

@Breaks({"wire", "a wing"})
public interface KnowsAnotherWire {

    IsPure other();
}
