package dev.polywire.house.broken.mongodb.wire;

import dev.polywire.house.Breaks;
import io.netty.buffer.ByteBuf;

@Breaks({"wire", "internals"})
public interface KnowsNetty {

    ByteBuf bytes();
}
