package dev.polywire.house.broken.amqp.session;

import dev.polywire.house.Breaks;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.net.NetSocket;

@Breaks("client, session, server")
public interface OpensSocket {

    NetSocket socket();

    DnsClient dns();

    DatagramSocket datagrams();
}
