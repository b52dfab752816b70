package dev.polywire.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A self-signed certificate and its key in PEM files, made by the JDK's own {@code keytool}.
 *
 * @param certificate path of the certificate; who trusts this identity trusts this file
 * @param key path of the private key (PKCS #8)
 */
public record Certificates(String certificate, String key) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** @param names what the certificate is for, as {@code keytool} writes it: {@code ip:127.0.0.1,dns:localhost} */
    public static Certificates make(Path directory, String alias, String names) {
        try {
            Path store = directory.resolve(alias + ".p12");
            keytool(
                    "-genkeypair",
                    "-alias",
                    alias,
                    "-dname",
                    "CN=" + alias,
                    "-ext",
                    "san=" + names,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    new String(PASSWORD));
            KeyStore loaded = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                loaded.load(in, PASSWORD);
            }
            return new Certificates(
                    pem(
                            directory.resolve(alias + ".crt"),
                            "CERTIFICATE",
                            loaded.getCertificate(alias).getEncoded()),
                    pem(
                            directory.resolve(alias + ".key"),
                            "PRIVATE KEY",
                            loaded.getKey(alias, PASSWORD).getEncoded()));
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String pem(Path file, String what, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
        return file.toString();
    }

    private static void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
