package dev.polywire.house.broken.core.net;

import dev.polywire.house.Breaks;
import io.netty.buffer.ByteBuf;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.SocketAddressImpl;

@Breaks("internals")
public interface KnowsInternals {

    ByteBuf bytes();

    ContextInternal context();

    SocketAddressImpl address();
}
