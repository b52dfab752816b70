package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MongoUriTest {

    private static String refusal(String text) {
        return assertThrows(IllegalArgumentException.class, () -> MongoUri.parse(text), text)
                .getMessage();
    }

    private static String hosts(MongoUri uri) {
        return uri.hosts().stream().map(host -> host.name() + ":" + host.port()).collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            mongodb://h                             | h:27017            | -    | -      | -
            mongodb://h/                            | h:27017            | -    | -      | -
            MONGODB://h:1                           | h:1                | -    | -      | -
            mongodb://h?w=1                         | h:27017            | -    | -      | -
            mongodb://h/?                           | h:27017            | -    | -      | -
            mongodb://h/db                          | h:27017            | -    | -      | db
            mongodb://h/d%C3%A4?w=1                 | h:27017            | -    | -      | dä
            mongodb://a:1,b,[::1]:3,[::2]           | a:1 b:27017 ::1:3 ::2:27017 | - | - | -
            mongodb://127.0.0.1:65535               | 127.0.0.1:65535    | -    | -      | -
            mongodb://ho%61st                       | hoast:27017        | -    | -      | -
            mongodb://[fe80::1%25eth0]              | fe80::1%eth0:27017 | -    | -      | -
            mongodb://u:p@h                         | h:27017            | u    | p      | -
            mongodb://u:@h/db                       | h:27017            | u    | ''     | db
            mongodb://%75%40:%3A%2F%3F%23%5B%5D%40%25@h | h:27017        | u@   | :/?#[]@% | -
            mongodb://u+v:p+q@h                     | h:27017            | u+v  | p+q    | -
            mongodb://ü:ä@h                         | h:27017            | ü    | ä      | -
            mongodb+srv://c.example.com             | c.example.com:0    | -    | -      | -
            mongodb+srv://u:p@c.example.com/db?w=1  | c.example.com:0    | u    | p      | db
            """)
    void parts(String text, String hosts, String user, String password, String database) {
        MongoUri uri = MongoUri.parse(text);
        assertEquals(hosts, hosts(uri));
        assertEquals(user, uri.user());
        assertEquals(password, uri.password());
        assertEquals(database, uri.database());
        assertEquals(text.startsWith("mongodb+srv"), uri.srv());
        assertEquals(uri.srv(), uri.tls());
    }

    @Test
    void options() {
        MongoUri uri = MongoUri.parse("mongodb://h/?APPNAME=a%20b&compressors=zstd,zlib&zlibCompressionLevel=-1"
                + "&connectTimeoutMS=1&w=majority&journal=true&wtimeoutMS=0&readConcernLevel=local&tls=true"
                + "&tlsCAFile=%2Fa+b&tlsAllowInvalidHostnames=false&replicaSet=rs0&heartbeatFrequencyMS=500"
                + "&serverMonitoringMode=poll");
        assertEquals("a b", uri.text(MongoUriOption.APP_NAME));
        assertEquals(List.of("zstd", "zlib"), uri.list(MongoUriOption.COMPRESSORS));
        assertEquals(-1, uri.int32(MongoUriOption.ZLIB_COMPRESSION_LEVEL, 6));
        assertEquals(1, uri.int32(MongoUriOption.CONNECT_TIMEOUT_MILLIS, 7));
        assertEquals("majority", uri.text(MongoUriOption.W));
        assertTrue(uri.flag(MongoUriOption.JOURNAL, false));
        assertEquals("poll", uri.text(MongoUriOption.SERVER_MONITORING_MODE));
        assertEquals("/a+b", uri.text(MongoUriOption.TLS_CA_FILE));
        assertFalse(uri.flag(MongoUriOption.TLS_ALLOW_INVALID_HOSTNAMES, true));
        assertTrue(uri.tls());
        assertEquals(List.of(), uri.notYet());
        assertEquals(List.of(), uri.withoutEffect());
        MongoUri bare = MongoUri.parse("mongodb://h");
        assertNull(bare.text(MongoUriOption.W));
        assertEquals(List.of(), bare.list(MongoUriOption.COMPRESSORS));
        assertEquals(6, bare.int32(MongoUriOption.ZLIB_COMPRESSION_LEVEL, 6));
        assertTrue(bare.flag(MongoUriOption.JOURNAL, true));
    }

    @ParameterizedTest
    @CsvSource({
        "mongodb://h/?tls=true, true",
        "mongodb://h/?ssl=true, true",
        "mongodb://h/?ssl=true&tls=true, true",
        "mongodb://h/?ssl=false, false",
        "mongodb+srv://a.b.c/?tls=false, false",
        "mongodb+srv://a.b.c/?ssl=false, false",
    })
    void tls(String text, boolean tls) {
        assertEquals(tls, MongoUri.parse(text).tls());
    }

    // ---- logins

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            mongodb://u:p@h                                              | admin     | SCRAM-SHA-256 SCRAM-SHA-1
            mongodb://u:p@h/db                                           | db        | SCRAM-SHA-256 SCRAM-SHA-1
            mongodb://u:p@h/db?authSource=s                              | s         | SCRAM-SHA-256 SCRAM-SHA-1
            mongodb://u:p@h/?authMechanism=SCRAM-SHA-1                   | admin     | SCRAM-SHA-1
            mongodb://u:p@h/db?authMechanism=SCRAM-SHA-256               | db        | SCRAM-SHA-256
            mongodb://u:p@h/?authMechanism=PLAIN                         | $external | PLAIN
            mongodb://u:p@h/db?authMechanism=PLAIN                       | db        | PLAIN
            mongodb://h/db?authMechanism=MONGODB-X509                    | $external | MONGODB-X509
            mongodb://CN%3Da@h/?authMechanism=MONGODB-X509&authSource=%24external | $external | MONGODB-X509
            """)
    void login(String text, String source, String mechanisms) {
        MongoUri uri = MongoUri.parse(text);
        MongoCredential credential = uri.credential();
        assertNotNull(credential);
        assertEquals(source, credential.source());
        assertEquals(uri.user(), credential.user());
        assertEquals(
                mechanisms, uri.mechanisms().stream().map(MongoMechanism::name).collect(Collectors.joining(" ")));
    }

    @Test
    void nobody() {
        MongoUri uri = MongoUri.parse("mongodb://h/?authSource=admin&retryWrites=true&waitQueueTimeoutMS=7");
        assertNull(uri.credential());
        assertEquals(List.of("authSource", "retryWrites", "waitQueueTimeoutMS"), uri.withoutEffect());
    }

    // ---- mistakes

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                     | scheme
            mongo://h                              | scheme
            mongodb:h                              | scheme
            mongodb+rawsrv://h                     | scheme
            mongodb://                             | host
            mongodb:///db                          | host
            mongodb://h,                           | host
            mongodb://,h                           | host
            mongodb://h::27017                     | host
            mongodb://::1                          | host
            mongodb://[h]                          | host
            mongodb://[                            | host
            mongodb://a[::1]                       | host
            mongodb://h%20                         | host
            mongodb://%2Ftmp%2Fmongodb-27017.sock  | host
            mongodb://u:p@%2Ftmp%2Fa.sock/db       | host
            mongodb://h.sock                       | host
            mongodb://h:                           | port
            mongodb://h:0                          | port
            mongodb://h:-1                         | port
            mongodb://h:65536                      | port
            mongodb://h:123456                     | port
            mongodb://[::1]:x                      | port
            mongodb://u:canary                     | port
            mongodb://@h                           | user
            mongodb://:canary@h                    | user
            mongodb://u:can:ary@h                  | login
            mongodb://u@canary:p@h                 | login
            mongodb://u:can/ary@h                  | login
            mongodb://u:1/canary@h                 | login
            mongodb://u:can?ary=1@h                | login
            mongodb://u:can#ary@h                  | login
            mongodb://h/?appName=a@canary          | login
            mongodb://h/#canary                    | end
            mongodb://h/?w=1#canary                | end
            mongodb://u%:p@h                       | percent
            mongodb://u%4:p@h                      | percent
            mongodb://u:can%zzary@h                | percent
            mongodb://u:%FF@h                      | percent
            mongodb://h/a/b                        | database
            mongodb://h/a.b                        | database
            mongodb://h/a%20b                      | database
            mongodb://h/%24external                | database
            mongodb://h/?w                         | option 1
            mongodb://h/?w=1&canary                | option 2
            mongodb://h/?w=                        | option 1
            mongodb://h/?=1                        | option 1
            mongodb://h/?w=1&&journal=true         | option 2
            mongodb://h/?w=1;journal=true          | option 1
            mongodb://h/?fooBar=canary             | option fooBar, which is unknown
            mongodb://h/?w=1&can%20ary=1           | option 2, which is unknown
            mongodb://h/?password=canary           | option password, which is unknown
            mongodb://h/?w=1&W=1                   | w, which is there twice
            mongodb://h/?tls=true&tls=false        | tls, which is there twice
            mongodb://u@h                          | password: missing
            mongodb://u@h/?authMechanism=PLAIN     | password: missing
            mongodb://h/?authMechanism=SCRAM-SHA-1 | user: missing
            mongodb://u:canary@h/?authMechanism=MONGODB-X509 | password: present
            mongodb://h/?authMechanism=MONGODB-X509&authSource=db | authSource: a database
            mongodb://u:canary%00@h/?authMechanism=PLAIN | password: with a zero byte
            mongodb://u:canary%07@h                | password: has a character that SASLprep prohibits
            mongodb://h/?authMechanism=MONGODB-AWS | authMechanism: MONGODB-AWS, which is not supported
            mongodb://h/?authMechanism=MONGODB-OIDC | authMechanism: MONGODB-OIDC, which is not supported
            mongodb://h/?authMechanism=GSSAPI      | authMechanism: GSSAPI, which is not supported
            mongodb://h/?authMechanism=MONGODB-CR  | authMechanism: MONGODB-CR, which is not supported
            mongodb://h/?authMechanism=canary      | authMechanism
            mongodb://u:p@h/?authMechanismProperties=SERVICE_NAME:x | authMechanismProperties
            mongodb://u:p@h/?authMechanismProperties=canary | authMechanismProperties
            mongodb://h/?gssapiServiceName=x       | gssapiServiceName
            mongodb://h/?proxyHost=x               | proxyHost
            mongodb://h/?tlsInsecure=true          | tlsInsecure
            mongodb://h/?tlsAllowInvalidCertificates=true | tlsAllowInvalidCertificates
            mongodb://h/?tls=true&tlsCertificateKeyFilePassword=canary | tlsCertificateKeyFilePassword
            mongodb://h/?tlsCAFile=a               | tlsCAFile
            mongodb://h/?tls=false&tlsCertificateKeyFile=a | tlsCertificateKeyFile
            mongodb+srv://a.b.c/?tls=false&tlsAllowInvalidHostnames=true | tlsAllowInvalidHostnames
            mongodb://h/?tls=true&ssl=false        | ssl
            mongodb://h/?tlsInsecure=false&tlsAllowInvalidCertificates=false | tls
            mongodb://h/?tlsInsecure=false&tlsDisableOCSPEndpointCheck=true | tls
            mongodb://h/?tlsDisableCertificateRevocationCheck=true&tlsDisableOCSPEndpointCheck=true | tls
            mongodb://h/?tls=true&tlsInsecure=false&tlsAllowInvalidHostnames=true | tlsInsecure
            mongodb://h/?w=-1                      | w
            mongodb://h/?w=2147483648              | w
            mongodb://h/?w=0&journal=true          | journal
            mongodb://h/?journal=yes               | journal
            mongodb://h/?wTimeoutMS=-1             | wTimeoutMS
            mongodb://h/?wTimeoutMS=1.5            | wTimeoutMS
            mongodb://h/?readConcernLevel=canary   | readConcernLevel
            mongodb://h/?compressors=zlib,zlib     | compressors
            mongodb://h/?compressors=zlib,         | compressors
            mongodb://h/?zlibCompressionLevel=10   | zlibCompressionLevel
            mongodb://h/?zlibCompressionLevel=-2   | zlibCompressionLevel
            mongodb://h/?connectTimeoutMS=0        | connectTimeoutMS
            mongodb://h/?connectTimeoutMS=99999999999 | connectTimeoutMS
            mongodb://h/?heartbeatFrequencyMS=499  | heartbeatFrequencyMS
            mongodb://h/?serverMonitoringMode=canary | serverMonitoringMode
            mongodb://h/?maxPoolSize=2&minPoolSize=3 | minPoolSize
            mongodb://h/?maxPoolSize=-1            | maxPoolSize
            mongodb://h/?maxPoolSize=1001          | maxPoolSize
            mongodb://h/?minPoolSize=1001          | minPoolSize
            mongodb://h/?maxConnecting=0           | maxConnecting
            mongodb://h/?maxConnecting=101         | maxConnecting
            mongodb://h/?maxIdleTimeMS=999         | maxIdleTimeMS
            mongodb://h/?maxIdleTimeMS=86400001    | maxIdleTimeMS
            mongodb://h/?waitQueueTimeoutMS=-1     | waitQueueTimeoutMS
            mongodb://h/?readPreference=canary     | readPreference
            mongodb://h/?maxStalenessSeconds=89    | maxStalenessSeconds
            mongodb://a,b/?directConnection=true   | directConnection
            mongodb+srv://a.b.c/?directConnection=true | directConnection
            mongodb://h/?directConnection=true&loadBalanced=true | directConnection
            mongodb://a,b/?loadBalanced=true       | loadBalanced
            mongodb://h/?loadBalanced=true&replicaSet=r | loadBalanced
            mongodb://h/?srvServiceName=x          | srvServiceName
            mongodb://h/?srvMaxHosts=1             | srvMaxHosts
            mongodb+srv://a.b.c/?srvMaxHosts=1&replicaSet=r | srvMaxHosts
            mongodb+srv://a.b.c/?srvMaxHosts=1&loadBalanced=true | srvMaxHosts
            mongodb+srv://a.b.c/?srvServiceName=_x | srvServiceName
            mongodb+srv://a.b.c,d.b.c              | hosts
            mongodb+srv://a.b.c:27017              | port
            mongodb+srv://[::1]                    | host
            mongodb+srv://127.0.0.1                | host
            """)
    void mistakes(String text, String complaint) {
        String said = refusal(text);
        assertTrue(said.startsWith("uri: its "), said);
        assertEquals(complaint, said.substring(9, said.indexOf(" (expected: ")));
        assertFalse(said.contains("canary"), said);
        assertEquals(1, said.lines().count());
    }

    @Test
    void tooLong() {
        String hosts = IntStream.range(0, 101).mapToObj(i -> "h" + i).collect(Collectors.joining(","));
        assertEquals("uri: its hosts (expected: at most 100)", refusal("mongodb://" + hosts));
        assertEquals("uri: its length (expected: <= 16384 characters)", refusal("mongodb://" + "a".repeat(16_384)));
        assertTrue(refusal("mongodb://h/" + "a".repeat(64)).startsWith("uri: its database "));
        assertTrue(refusal("mongodb://h/?appName=" + "a".repeat(129)).startsWith("uri: its appName "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mongodb://a,b                                | uri: its hosts: 2 (expected: 1, replica sets are not supported yet)
            mongodb://h/?loadBalanced=true               | uri: its loadBalanced: not supported yet (expected: none)
            mongodb://h/?readPreference=nearest          | uri: its readPreference: not supported yet (expected: none)
            mongodb://h/?readPreferenceTags=dc:ny        | uri: its readPreferenceTags: not supported yet (expected: none)
            mongodb://h/?maxStalenessSeconds=90          | uri: its maxStalenessSeconds: not supported yet (expected: none)
            mongodb+srv://a.b.c/?srvMaxHosts=2           | uri: its srvMaxHosts: not supported yet (expected: none)
            """)
    void notYet(String text, String complaint) {
        assertEquals(List.of(complaint), MongoUri.parse(text).notYet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://h/?loadBalanced=false",
                "mongodb://h/?readPreference=primary&maxStalenessSeconds=-1",
                "mongodb+srv://a.b.c/?srvMaxHosts=0&directConnection=false",
                "mongodb://h/?tlsInsecure=false",
                "mongodb://h/?uuidRepresentation=standard",
                "mongodb://h/?maxPoolSize=0&minPoolSize=300",
                "mongodb://h/?maxConnecting=100&maxIdleTimeMS=0&waitQueueTimeoutMS=0"
            })
    void harmless(String text) {
        assertEquals(List.of(), MongoUri.parse(text).notYet());
    }

    /** Each one is found by its name in any case, and takes no value with a zero byte. */
    @ParameterizedTest
    @EnumSource
    void eachOptionHasAName(MongoUriOption option) {
        assertEquals(option, MongoUriOption.named(option.optionName().toUpperCase(Locale.ROOT)));
        String said = refusal("mongodb+srv://a.b.c/?" + option.optionName() + "=%00");
        assertEquals("uri: its " + option.optionName() + " (expected: " + option.expected() + ")", said);
    }

    @Test
    void itsLoginIsInNoText() {
        MongoUri uri = MongoUri.parse("mongodb://canary:canary@h/db");
        assertFalse(uri.toString().contains("canary"));
        assertFalse(String.valueOf(uri.credential()).contains("canary"));
    }
}
