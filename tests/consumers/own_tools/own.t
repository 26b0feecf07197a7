#!perl

# The tests of this repository run on the Perl that it registers.

use strict;
use warnings;

use AsteriskPl;
use Mine;
use Test::More;

like( $ENV{PERL}, qr{/perl/own_perl\z}, 'it runs on the Perl that the repository registered' );
is( Mine::answer(), 42, 'and has the folders of that one in @INC' );
can_ok( 'AsteriskPl', 'new' );

done_testing;
