#!perl
# Every module can be loaded alone, without a warning.
use 5.026;
use strict;
use warnings;

use File::Find qw(find);
use FindBin    qw($Bin);
use Test::More;

my $lib = -d "$Bin/../blib/lib" ? "$Bin/../blib/lib" : "$Bin/../lib";
my @files;
find( { no_chdir => 1, wanted => sub { push @files, $_ if /[.]pm\z/ } }, $lib );

for my $file ( sort @files ) {
    my $module = substr $file, length("$lib/");
    my $said   = qx{"$^X" -w -I"$lib" -e "require q{$module}" 2>&1};
    is( $? . $said, '0', $module );
}

require_ok('House');
ok( 'House'->VERSION, 'it has a version' );

done_testing;
