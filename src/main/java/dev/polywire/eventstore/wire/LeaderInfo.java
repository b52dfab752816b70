package dev.polywire.eventstore.wire;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Where the leader is, or was a moment ago.
 *
 * @param externalSecureTcpAddress null: no secure port
 * @param externalSecureTcpPort null: no secure port
 */
public record LeaderInfo(
        String externalTcpAddress,
        int externalTcpPort,
        String httpAddress,
        int httpPort,
        @Nullable String externalSecureTcpAddress,
        @Nullable Integer externalSecureTcpPort) {

    static LeaderInfo read(PayloadReader in, ByteString bytes) {
        Protobuf.LeaderInfo from = in.message(bytes, Protobuf.LeaderInfo.parser());
        return new LeaderInfo(
                in.text("external_tcp_address", from.getExternalTcpAddressBytes()),
                from.getExternalTcpPort(),
                in.text("http_address", from.getHttpAddressBytes()),
                from.getHttpPort(),
                in.text(
                        "external_secure_tcp_address",
                        from.hasExternalSecureTcpAddress(),
                        from.getExternalSecureTcpAddressBytes()),
                from.hasExternalSecureTcpPort() ? from.getExternalSecureTcpPort() : null);
    }

    ByteString write() {
        Protobuf.LeaderInfo.Builder to = Protobuf.LeaderInfo.newBuilder()
                .setExternalTcpAddressBytes(PayloadWriter.text("external_tcp_address", externalTcpAddress))
                .setExternalTcpPort(externalTcpPort)
                .setHttpAddressBytes(PayloadWriter.text("http_address", httpAddress))
                .setHttpPort(httpPort);
        if (externalSecureTcpAddress != null) {
            to.setExternalSecureTcpAddressBytes(
                    PayloadWriter.text("external_secure_tcp_address", externalSecureTcpAddress));
        }
        if (externalSecureTcpPort != null) {
            to.setExternalSecureTcpPort(externalSecureTcpPort);
        }
        return to.build().toByteString();
    }
}
