package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.Secrets;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.ConcernDefaults;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.MongoUri;
import dev.polywire.mongodb.wire.MongoUriOption;
import dev.polywire.mongodb.wire.ServerApi;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MongoOptionsTest {

    private static final String CANARY = "canary";

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    static MongoOptions read(String text) {
        return MongoOptions.fromJson(Fields.of(json(text)));
    }

    @Test
    void defaults() {
        MongoOptions options = read("{}");
        assertEquals("127.0.0.1:27017", options.target());
        assertNull(options.endpoint().tls());
        assertNull(options.service());
        assertNull(options.client().login());
        assertNull(options.client().serverApi());
        assertNull(options.client().replicaSet());
        assertFalse(options.client().checksum());
        assertEquals(List.of(), options.client().compressors());
        assertEquals(ConcernDefaults.NONE, options.concerns());
        assertTrue(options.moreToCome());
        assertTrue(options.maxTime());
        assertEquals(MongoPoolOptions.DEFAULT, options.pool());
        assertTrue(options.streamsHello());
        assertEquals(10_000, options.heartbeatMillis());
        assertEquals(List.of(), options.remarks());
    }

    @Test
    void eachField() {
        MongoOptions options = read("{'host':'[::1]','port':7,'connectTimeoutMillis':9,'user':'u','password':'canary',"
                + "'replicaSet':'rs','serverApi':{'strict':true},'compressors':['noop','zlib','noop'],'checksum':true,"
                + "'w':2,'journal':true,'wTimeoutMillis':3,'readConcernLevel':'majority','moreToCome':false,"
                + "'applicationName':'shop','maxMessageBytes':2000,'heartbeatMillis':0}");
        assertEquals("[::1]:7", options.target());
        assertEquals(9, options.endpoint().connectTimeoutMillis());
        assertEquals(9, options.client().handshakeTimeoutMillis());
        assertEquals("rs", options.client().replicaSet());
        assertEquals(new ServerApi("1", true, null), options.client().serverApi());
        assertEquals(List.of("noop", "zlib"), Compressors.names(options.client().compressors()));
        assertTrue(options.client().checksum());
        assertEquals(new ConcernDefaults("2", true, 3, "majority"), options.concerns());
        assertFalse(options.moreToCome());
        assertEquals("shop", options.client().client().applicationName());
        assertEquals(2_000, options.client().maxMessageBytes());
        assertEquals(0, options.heartbeatMillis());
        assertEquals(
                new ConcernDefaults("dc", null, null, null), read("{'w':'dc'}").concerns());
        assertEquals(
                new ConcernDefaults("0", false, null, null),
                read("{'w':'0','journal':false}").concerns());
    }

    /** The same by a connection string. */
    @Test
    void eachOptionOfAUri() {
        MongoOptions options =
                read("{'uri':'mongodb://u:canary@[::1]:7/db?replicaSet=rs&compressors=noop,zlib&w=2&journal=true"
                        + "&wTimeoutMS=3&readConcernLevel=majority&appName=shop&heartbeatFrequencyMS=500&connectTimeoutMS=9"
                        + "&tls=true&tlsCAFile=ca.pem&tlsCertificateKeyFile=me.pem&tlsAllowInvalidHostnames=true'}");
        assertEquals("[::1]:7", options.target());
        assertEquals(9, options.endpoint().connectTimeoutMillis());
        assertEquals(9, options.client().handshakeTimeoutMillis());
        assertEquals(
                new TlsOptions("ca.pem", "me.pem", "me.pem", false),
                options.endpoint().tls());
        assertEquals("rs", options.client().replicaSet());
        assertEquals(List.of("noop", "zlib"), Compressors.names(options.client().compressors()));
        assertEquals(new ConcernDefaults("2", true, 3, "majority"), options.concerns());
        assertEquals("shop", options.client().client().applicationName());
        assertEquals(500, options.heartbeatMillis());
        assertEquals(List.of(), options.remarks());
        assertEquals(27_017, read("{'uri':'mongodb://h'}").endpoint().port());
        assertEquals(
                new TlsOptions(null, null, null, true),
                read("{'uri':'mongodb://h/?ssl=true'}").endpoint().tls());
    }

    @Test
    void aServiceOfTheDns() {
        MongoOptions options = read("{'uri':'mongodb+srv://u:canary@c.example.test/?w=1'}");
        assertEquals("mongodb+srv://c.example.test", options.target());
        MongoUri service = options.service();
        assertTrue(service != null && service.srv());
        assertEquals(new TlsOptions(null, null, null, true), options.endpoint().tls());
        assertNull(read("{'uri':'mongodb+srv://c.example.test/?tls=false'}")
                .endpoint()
                .tls());
    }

    /** Files of TLS may be said in JSON, where certificate and key are two. */
    @ParameterizedTest
    @CsvSource({"mongodb://h", "mongodb://h/?tls=true", "mongodb+srv://c.example.test"})
    void tlsBesideAUri(String uri) {
        assertEquals(
                new TlsOptions("ca.pem", "me.pem", "me.key", true),
                read("{'uri':'" + uri + "','tls':{'trust':'ca.pem','certificate':'me.pem','key':'me.key'}}")
                        .endpoint()
                        .tls());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'user':'u','password':'canary'}                                                | SCRAM-SHA-256 | admin
            {'user':'u','password':''}                                                      | SCRAM-SHA-256 | admin
            {'user':'u','password':'canary','authSource':'db'}                              | SCRAM-SHA-256 | db
            {'user':'u','password':'canary','authMechanism':'SCRAM-SHA-256'}                | SCRAM-SHA-256 | admin
            {'user':'u','password':'canary','authMechanism':'SCRAM-SHA-1'}                  | SCRAM-SHA-1   | admin
            {'user':'u','password':'canary','authMechanism':'PLAIN','tls':{}}               | PLAIN         | $external
            {'user':'u','password':'canary','authMechanism':'PLAIN','plainWithoutTls':true} | PLAIN         | $external
            {'authMechanism':'MONGODB-X509','tls':{'certificate':'a','key':'b'}}            | MONGODB-X509  | $external
            {'user':'u','authMechanism':'MONGODB-X509','tls':{'certificate':'a','key':'b'}} | MONGODB-X509  | $external
            {'uri':'mongodb://u:canary@h'}                                                  | SCRAM-SHA-256 | admin
            {'uri':'mongodb://u:canary@h/db'}                                               | SCRAM-SHA-256 | db
            {'uri':'mongodb://u:canary@h/db?authSource=other'}                              | SCRAM-SHA-256 | other
            {'uri':'mongodb://u:canary@h/?authMechanism=PLAIN&tls=true'}                    | PLAIN         | $external
            {'uri':'mongodb://u:canary@h/?authMechanism=PLAIN','plainWithoutTls':true}      | PLAIN         | $external
            {'uri':'mongodb://h/?authMechanism=MONGODB-X509&tls=true&tlsCertificateKeyFile=a'} | MONGODB-X509 | $external
            {'uri':'mongodb://u@h','password':'canary'}                                     | SCRAM-SHA-256 | admin
            {'uri':'mongodb://h/db','user':'u','password':'canary'}                         | SCRAM-SHA-256 | db
            {'uri':'mongodb://h/db','user':'u','password':'canary','authSource':'other'}    | SCRAM-SHA-256 | other
            {'uri':'mongodb://u:canary@h','authMechanism':'SCRAM-SHA-1'}                    | SCRAM-SHA-1   | admin
            {'uri':'mongodb+srv://u:canary@c.example.test'}                                 | SCRAM-SHA-256 | admin
            """)
    void logins(String json, String mechanism, String source) {
        MongoOptions options = read(json);
        assertEquals(
                "MongoLogin[" + mechanism + "]", options.client().login().get().toString());
        MongoCredential credential = options.uri().credential();
        assertTrue(credential != null);
        assertEquals(source, credential.source());
        assertFalse(options.toString().contains(CANARY), options::toString);
        assertEquals(List.of(), options.remarks());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'compressors':['snapy','zlib']}            | compressors: snapy is not offered (expected: snappy, zlib, zstd or noop
            {'compressors':['zlib','my canary']}        | compressors: number 2 is not offered
            {'uri':'mongodb://h/?compressors=bzip2'}    | compressors: bzip2 is not offered
            {'uri':'mongodb://h/?retryWrites=true'}     | uri: its retryWrites has no effect
            {'uri':'mongodb://h/?authSource=canary'}    | uri: its authSource has no effect
            {'uri':'mongodb://h/?waitQueueTimeoutMS=7'} | uri: its waitQueueTimeoutMS has no effect
            {'uri':'mongodb://h/?maxPoolSize=0'}        | uri: its maxPoolSize is 0, no limit, and is taken as 1000
            """)
    void whatHasNoEffectIsSaid(String json, String remark) {
        List<String> remarks = read(json).remarks();
        assertEquals(1, remarks.size(), remarks::toString);
        assertTrue(remarks.get(0).startsWith(remark), remarks::toString);
        assertFalse(remarks.get(0).contains(CANARY));
    }

    @Test
    void levelOfZlib() {
        assertEquals(
                9,
                MongoUri.parse("mongodb://h/?zlibCompressionLevel=9").int32(MongoUriOption.ZLIB_COMPRESSION_LEVEL, -1));
        assertEquals(
                1,
                read("{'compressors':['zlib'],'zlibCompressionLevel':9}")
                        .client()
                        .compressors()
                        .size());
        assertEquals(
                1,
                read("{'uri':'mongodb://h/?compressors=zlib&zlibCompressionLevel=9'}")
                        .client()
                        .compressors()
                        .size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'port':65536}                                         | port: 65536 (expected: 0 to 65535)
            {'password':'canary'}                                  | user: missing (expected: one beside password)
            {'user':'canary'}                                      | password: missing
            {'user':'','password':'canary'}                        | user: empty
            {'user':'u','password':'canary\\u0007'}                | password: has a character that SASLprep prohibits
            {'user':'u','password':'canary\\ud800'}                | password: half a surrogate pair
            {'authSource':'canary'}                                | user: missing (expected: one beside authSource)
            {'user':'u','password':'canary','authSource':''}       | authSource: unfit (expected: a database)
            {'authMechanism':'canary'}                             | authMechanism: unknown (expected: one of [SCRAM-SHA-256,
            {'authMechanism':'GSSAPI'}                             | authMechanism: GSSAPI, which is not supported (expected: one of [SCRAM-SHA-256,
            {'authMechanism':'MONGODB-AWS'}                        | authMechanism: MONGODB-AWS, which is not supported
            {'authMechanism':'MONGODB-OIDC','user':'u'}            | authMechanism: MONGODB-OIDC, which is not supported
            {'authMechanism':5}                                    | authMechanism: 5 (expected: a string)
            {'authMechanism':'SCRAM-SHA-1'}                        | user: missing
            {'authMechanism':'PLAIN','user':'u','password':'canary'}         | authMechanism: PLAIN without TLS (expected: tls, or plainWithoutTls)
            {'authMechanism':'MONGODB-X509','password':'canary'}             | password: present
            {'authMechanism':'MONGODB-X509','authSource':'canary'}           | authSource: a database
            {'authMechanism':'MONGODB-X509'}                       | authMechanism: MONGODB-X509 without a certificate (expected: tls with a certificate)
            {'authMechanism':'MONGODB-X509','tls':{}}              | authMechanism: MONGODB-X509 without a certificate
            {'authMechanism':'MONGODB-X509','user':'u','tls':{'trust':'a'}} | authMechanism: MONGODB-X509 without a certificate
            {'plainWithoutTls':'canary'}                           | plainWithoutTls: a string
            {'replicaSet':''}                                      | replicaSet: unfit (expected: the name of a set)
            {'w':-1}                                               | w: -1 (expected: 0 to 2147483647)
            {'w':'-canary'}                                        | w: unfit (expected: 0 to 2147483647, majority or a tag)
            {'w':''}                                               | w: unfit
            {'w':true}                                             | w: true
            {'w':0,'journal':true}                                 | journal: unfit (expected: false with w=0)
            {'journal':'canary'}                                   | journal: a string
            {'wTimeoutMillis':-1}                                  | wTimeoutMillis: -1 (expected: 0 to 2147483647)
            {'readConcernLevel':'canary'}                          | readConcernLevel: unknown (expected: one of [local,
            {'compressors':'canary'}                               | compressors: a string (expected: a list of strings)
            {'zlibCompressionLevel':10}                            | zlibCompressionLevel: 10 (expected: -1 to 9)
            {'checksum':1}                                         | checksum: 1
            {'moreToCome':'canary'}                                | moreToCome: a string
            {'serverApi':'canary'}                                 | serverApi: a string
            {'serverApi':{'version':'canary'}}                     | serverApi.version: unknown (expected: one of [1])
            {'serverApi':{'strict':'canary'}}                      | serverApi.strict: a string
            {'serverApi':{'deprecationErrors':1}}                  | serverApi.deprecationErrors: 1
            {'serverApi':{'more':1}}                               | serverApi.more: unknown field
            {'applicationName':'canary\\ud800'}                    | applicationName: too long, or no text
            {'maxMessageBytes':1023}                               | maxMessageBytes: 1023 (expected: 1024 to 48000000)
            {'maxInFlight':64}                                     | maxInFlight: unknown field
            {'maxTime':1}                                          | maxTime: 1 (expected: true or false)
            {'maxPoolSize':0}                                      | maxPoolSize: 0 (expected: 1 to 1000)
            {'maxPoolSize':1001}                                   | maxPoolSize: 1001 (expected: 1 to 1000)
            {'minPoolSize':17}                                     | minPoolSize: 17 (expected: 0 to maxPoolSize, 16)
            {'minPoolSize':3,'maxPoolSize':2}                      | minPoolSize: 3 (expected: 0 to maxPoolSize, 2)
            {'minPoolSize':3,'uri':'mongodb://h/?maxPoolSize=2'}   | minPoolSize: 3 (expected: 0 to maxPoolSize, 2)
            {'maxConnecting':0}                                    | maxConnecting: 0 (expected: 1 to 100)
            {'maxIdleMillis':999}                                  | maxIdleMillis: 999 (expected: 0, or 1000 to 86400000)
            {'maxIdleMillis':86400001}                             | maxIdleMillis: 86400001 (expected: 0 to 86400000)
            {'maxLifetimeMillis':999}                              | maxLifetimeMillis: 999 (expected: 1000 to 604800000)
            {'maxWaiting':-1}                                      | maxWaiting: -1 (expected: 0 to 1000000)
            {'pipeline':0}                                         | pipeline: 0 (expected: 1 to 1000)
            {'maxDedicatedConnections':10001}                      | maxDedicatedConnections: 10001 (expected: 0 to 10000)
            {'heartbeatMillis':-1}                                 | heartbeatMillis: -1 (expected: 0 to 3600000)
            {'serverMonitoringMode':'canary'}                      | serverMonitoringMode: unknown (expected: one of [auto, poll, stream])
            {'nobodyKnows':'a'}                                    | nobodyKnows: unknown field
            """)
    void isRefused(String json, String complaint) {
        requireRefused(json, complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            canary                                            | uri.scheme: unfit (expected: mongodb or mongodb+srv)
            mongodb://u:canary@b@c                            | uri.login: unfit (expected: user:password
            mongodb://u:can/ary@c                             | uri.login: unfit
            mongodb://:canary@c                               | uri.user: unfit
            mongodb://u@h                                     | uri.password: missing
            mongodb://u:canary@h:0                            | uri.port: unfit (expected: 1 to 65535)
            mongodb://u:canary@h/?nobodyKnows=canary          | uri.nobodyKnows: which is unknown (expected: an option of
            mongodb://u:canary@h/?w                           | uri.option: 1 (expected: name=value
            mongodb://u:canary@h/?w=canary&w=2                | uri.w: which is there twice (expected: once)
            mongodb://u:canary@h/?w=-canary                   | uri.w: unfit (expected: 0 to
            mongodb://u:canary@h/?w=0&journal=true            | uri.journal: unfit (expected: false with w=0)
            mongodb://u:canary@a,b                            | uri.hosts: 2 (expected: 1, replica sets are not supported yet)
            mongodb://u:canary@h/?loadBalanced=true           | uri.loadBalanced: not supported yet
            mongodb://u:canary@h/?readPreference=nearest      | uri.readPreference: not supported yet
            mongodb://u:canary@h/?maxStalenessSeconds=90      | uri.maxStalenessSeconds: not supported yet
            mongodb+srv://u:canary@a.b.c/?srvMaxHosts=2       | uri.srvMaxHosts: not supported yet
            mongodb://u:canary@h/?authMechanism=GSSAPI        | uri.authMechanism: GSSAPI, which is not supported
            mongodb://u:canary@h/?authMechanism=MONGODB-OIDC  | uri.authMechanism: MONGODB-OIDC, which is not supported
            mongodb://u:canary@h/?authMechanism=canary        | uri.authMechanism: unfit
            mongodb://u:canary@h/?authMechanism=PLAIN         | uri.authMechanism: PLAIN without TLS (expected: tls, or plainWithoutTls)
            mongodb://u:canary@h/?authMechanism=MONGODB-X509  | uri.password: present
            mongodb://h/?authMechanism=MONGODB-X509           | uri.authMechanism: MONGODB-X509 without a certificate
            mongodb+srv://a.b.c/?authMechanism=MONGODB-X509   | uri.authMechanism: MONGODB-X509 without a certificate
            mongodb://u:canary@h/?tlsInsecure=true&tls=true   | uri.tlsInsecure: unfit (expected: false, or tlsCAFile)
            mongodb://u:canary@h/?tlsCAFile=canary            | uri.tlsCAFile: unfit (expected: with tls=true only)
            mongodb://u:canary@h/?tls=true&ssl=false          | uri.ssl: unfit
            mongodb+srv://u:canary@a.b.c:1                    | uri.port: unfit (expected: none with mongodb+srv)
            mongodb+srv://u:canary@a.b.c,d.e.f                | uri.hosts: unfit (expected: one with mongodb+srv)
            mongodb+srv://u:canary@127.0.0.1                  | uri.host: unfit (expected: a name, not an address
            mongodb+srv://a.b.c/?directConnection=true        | uri.directConnection: unfit
            mongodb://u:canary%zz@h                           | uri.percent: unfit
            mongodb://u:canary@h/?minPoolSize=17              | uri.minPoolSize: 17 (expected: 0 to maxPoolSize, 16)
            mongodb://u:canary@h/?maxPoolSize=1001            | uri.maxPoolSize: unfit (expected: 0 to 1000)
            mongodb://u:canary@h/?maxConnecting=0             | uri.maxConnecting: unfit (expected: 1 to 100)
            mongodb://u:canary@h/?serverMonitoringMode=canary | uri.serverMonitoringMode: unfit (expected: auto, poll or stream)
            mongodb://u:canary@h/?maxIdleTimeMS=999           | uri.maxIdleTimeMS: unfit (expected: 0, or 1000 to 86400000)
            """)
    void anUnfitUriIsRefused(String uri, String complaint) {
        requireRefused(new JsonObject().put("uri", uri).encode(), complaint);
    }

    /** @param field that says it, too */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'host':'a'                         | mongodb://h                               | host
            'port':1                           | mongodb://h                               | host
            'user':'canary'                    | mongodb://canary:canary@h                 | user
            'password':'canary'                | mongodb://canary:canary@h                 | password
            'authSource':'canary'              | mongodb://u:canary@h/?authSource=canary   | authSource
            'authMechanism':'SCRAM-SHA-1'      | mongodb://u:canary@h/?authMechanism=SCRAM-SHA-1 | authMechanism
            'replicaSet':'rs'                  | mongodb://h/?replicaSet=rs                | replicaSet
            'w':1                              | mongodb://h/?w=canary                     | w
            'journal':true                     | mongodb://h/?journal=true                 | journal
            'wTimeoutMillis':5                 | mongodb://h/?wTimeoutMS=5                 | wTimeoutMS
            'readConcernLevel':'local'         | mongodb://h/?readConcernLevel=local       | readConcernLevel
            'compressors':['zlib']             | mongodb://h/?compressors=zlib             | compressors
            'zlibCompressionLevel':1           | mongodb://h/?zlibCompressionLevel=1       | zlibCompressionLevel
            'heartbeatMillis':500              | mongodb://h/?heartbeatFrequencyMS=500     | heartbeatFrequencyMS
            'serverMonitoringMode':'poll'      | mongodb://h/?serverMonitoringMode=auto    | serverMonitoringMode
            'maxPoolSize':5                    | mongodb://h/?maxPoolSize=5                | maxPoolSize
            'minPoolSize':5                    | mongodb://h/?minPoolSize=5                | minPoolSize
            'maxConnecting':5                  | mongodb://h/?maxConnecting=5              | maxConnecting
            'maxIdleMillis':5000               | mongodb://h/?maxIdleTimeMS=5000           | maxIdleTimeMS
            'applicationName':'canary'         | mongodb://h/?appName=canary               | appName
            'connectTimeoutMillis':5           | mongodb://h/?connectTimeoutMS=5           | connectTimeoutMS
            'tls':{}                           | mongodb://h/?tls=false                    | tls=false
            'tls':{}                           | mongodb://h/?ssl=false                    | tls=false
            'tls':{}                           | mongodb+srv://a.b.c/?tls=false            | tls=false
            'tls':{}                           | mongodb://h/?tls=true&tlsCAFile=canary    | tlsCAFile
            'tls':{}                           | mongodb://h/?tls=true&tlsCertificateKeyFile=canary     | tlsCertificateKeyFile
            'tls':{}                           | mongodb://h/?tls=true&tlsAllowInvalidHostnames=true    | tlsAllowInvalidHostnames
            """)
    void whatBothSayIsRefused(String field, String uri, String part) {
        String name = field.substring(1, field.indexOf('\'', 1));
        requireRefused(
                "{'uri':'" + uri + "'," + field + "}",
                name + ": also in uri, as its " + part + " (expected: one of both)");
    }

    private static void requireRefused(String text, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> read(text));
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
        assertFalse(bad.getMessage().contains(CANARY), bad::getMessage);
    }

    /** A rule between two options holds, wherever they stand. */
    @Test
    void rulesHoldForBothTogether() {
        requireRefused("{'uri':'mongodb://h/?w=0','journal':true}", "journal: unfit (expected: false with w=0)");
        requireRefused(
                "{'uri':'mongodb://h','user':'u','password':'canary','authMechanism':'PLAIN'}",
                "authMechanism: PLAIN without TLS");
        requireRefused(
                "{'uri':'mongodb://h','password':'canary'}", "uri.user: missing (expected: one beside password)");
    }

    /** With all complaints at once; the names of options are said although the text is a secret. */
    @Test
    void aUriMayBeASecret() {
        JsonObject config = json("{'uri':{'env':'URI'},'pipeline':0}");
        FieldException bad = assertThrows(
                FieldException.class,
                () -> Secrets.whole(
                        config, Map.of("URI", "mongodb://me:canary-secret@h/?nobodyKnows=1"), MongoOptions::fromJson));
        assertTrue(bad.getMessage().contains("uri.nobodyKnows: which is unknown"), bad::getMessage);
        assertTrue(bad.getMessage().contains("pipeline: 0"), bad::getMessage);
        assertFalse(bad.getMessage().contains(CANARY), bad::getMessage);
        MongoOptions good = Secrets.whole(
                json("{'uri':{'env':'URI'},'password':{'env':'PASSWORD'}}"),
                Map.of("URI", "mongodb://me@h", "PASSWORD", "canary-secret"),
                MongoOptions::fromJson);
        assertEquals("canary-secret", good.uri().password());
        assertFalse(good.toString().contains(CANARY));
    }
}
