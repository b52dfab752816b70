package dev.polywire.house.broken.amqp.service;

import dev.polywire.house.broken.core.net.Spi;
import io.netty.buffer.ByteBuf;
import io.vertx.core.net.NetSocket;

/** Named as the generator names its proxies: no rule reports it. */
public interface AmqpServiceVertxEBProxy {

    ByteBuf bytes();

    NetSocket socket();

    Spi spi();
}
