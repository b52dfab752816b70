package dev.polywire.house.broken.core.net;

import io.netty.buffer.ByteBuf;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.SocketAddressImpl;

/** The one class that may touch internals: no rule reports it. */
public interface Spi {

    ByteBuf bytes();

    ContextInternal context();

    SocketAddressImpl address();
}
