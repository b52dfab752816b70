package dev.polywire.house.broken.mongodb.wire;

import dev.polywire.house.Breaks;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;

@Breaks("wire")
public interface OpensSocket {

    Socket socket();

    InetAddress[] addresses();

    SocketChannel channel();

    SSLContext secure();
}
