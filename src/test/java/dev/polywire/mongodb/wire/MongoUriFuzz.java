package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Connection strings and TXT records: a URI that everything can be asked of, and twice the same; or a complaint in one line. */
public final class MongoUriFuzz implements FuzzTarget {

    private static final MongoUri SERVICE = MongoUri.parse("mongodb+srv://c.example.com");
    private static final List<MongoUri.Host> HOSTS = List.of(new MongoUri.Host("a.example.com", 1));

    @Override
    public String name() {
        return "mongo-uri";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.of(
                        "mongodb://u%40:p%3A@[::1]:27017,h:1/db?w=majority&tls=true&tlsCAFile=%2Fa",
                        "mongodb+srv://u:p@c.example.com/?retryWrites=true&w=2&appName=a",
                        "mongodb://h/?authMechanism=MONGODB-X509&authSource=%24external",
                        "mongodb://u:p@h/?authMechanism=PLAIN&compressors=zstd,zlib",
                        "mongodb://u:%C3%A4@h/?loadBalanced=true&directConnection=true",
                        "mongodb://%2Ftmp%2Fa.sock",
                        "authSource=a&replicaSet=b&loadBalanced=true")
                .map(Buffer::buffer);
    }

    @Override
    public void run(Buffer input) {
        String text = input.toString(StandardCharsets.ISO_8859_1);
        try {
            MongoUri uri = MongoUri.parse(text);
            assertEquals(uri, MongoUri.parse(text));
            uri.notYet().forEach(MongoUriFuzz::said);
            uri.withoutEffect().forEach(MongoUriFuzz::said);
            uri.mechanisms().forEach(each -> said(each.name()));
            said(uri.srv() ? MongoSrv.service(uri) : String.valueOf(uri.credential()));
        } catch (IllegalArgumentException bad) {
            said(bad.getMessage());
        }
        try {
            MongoSrv.resolved(SERVICE, HOSTS, List.of(text));
        } catch (IllegalArgumentException bad) {
            said(bad.getMessage());
        }
    }

    private static void said(String text) {
        Complaint.require(text);
    }
}
