# To be sourced: Java with libraries from Maven's repository, with all its files in $folder, which is removed when the script ends.
# Needs a JDK 17 and Maven 3.8.

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Runs $folder/Main.java with a library, group:artifact:version, and what that needs. Prints what it prints, and fails when that is
# not what the lines of the script with "#> " say.
run_with() {
  IFS=: read -r group artifact version <<<"$1"
  cat >"$folder/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>$group</groupId>
      <artifactId>$artifact</artifactId>
      <version>$version</version>
    </dependency>
  </dependencies>
</project>
XML
  mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
    -DoutputDirectory="$folder/lib" >&2
  java -cp "$folder/lib/*" "$folder/Main.java" 2>"$folder/log" | tee "$folder/seen" || { cat "$folder/log" >&2; return 1; }
  diff <(sed -n 's/^#> //p' "$0") "$folder/seen"
}
