package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.mongodb.service.FuzzedDocument;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** Answers to a hello: what a server says of itself, FRAMING or DECODE. */
public final class HelloReplyFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "hello-reply";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                Stream.of(Documents.HELLO, Documents.OK).map(FuzzedDocument::seed),
                Stream.of("""
                                {"ismaster":true,"isWritablePrimary":false,"maxBsonObjectSize":16777216,"ok":1,
                                "maxMessageSizeBytes":{"$numberLong":"48000000"},"maxWriteBatchSize":1.5,"minWireVersion":6,
                                "maxWireVersion":21,"helloOk":1,"setName":"rs","hosts":["a:1","b:2"],"primary":"a:1",
                                "msg":"isdbgrid","logicalSessionTimeoutMinutes":30,"connectionId":{"$numberDouble":"NaN"}}""", """
                                {"compression":["snappy"],"saslSupportedMechs":["SCRAM-SHA-256"],"maxWireVersion":21,
                                "speculativeAuthenticate":{"payload":{"$binary":{"base64":"AA==","subType":"00"}}},
                                "topologyVersion":{"processId":{"$oid":"0102030405060708090a0b0c"},"counter":1},
                                "serviceId":{"$oid":"0102030405060708090a0b0c"},"ok":true,"primary":null}""").map(Buffer::buffer));
    }

    @Override
    public void run(Buffer input) {
        Buffer document = FuzzedDocument.of(input);
        if (document != null) {
            HelloReply.isOk(document);
            try {
                assertNotNull(HelloReply.read(document).toString());
            } catch (ProtocolException bad) {
                Complaint.require(bad, Kind.FRAMING, Kind.DECODE);
            }
        }
    }
}
