<?php
// Installs WordPress and writes what is the same for all articles: categories and photos. Reads the
// corpus' beginning as JSON from standard input; prints the ids that were given, by those it had.

define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = $argv[1];
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('Journal', 'bench', 'bench@example.test', true, '', 'only for a benchmark');
switch_theme(WP_DEFAULT_THEME); // the one that it has; without, archives are not found
wp_delete_post(1, true);
update_option('posts_per_page', 20);
update_option('posts_per_rss', 20);
update_option('timezone_string', 'Asia/Ho_Chi_Minh');
$wp_rewrite->set_permalink_structure('/%postname%/');
$wp_rewrite->flush_rules(true);

$begin = json_decode(stream_get_contents(STDIN), true);
$given = ['categories' => [], 'photos' => []];
foreach ($begin['categories'] as $category) {
    $term = wp_insert_term($category['name'], 'category', ['slug' => $category['slug']]);
    $given['categories'][$category['pk']] = $term['term_taxonomy_id'];
}
foreach ($begin['photos'] as $photo) {
    $given['photos'][$photo['pk']] = attach($photo);
}
echo json_encode($given, JSON_FORCE_OBJECT);

function attach(array $photo): int
{
    $name = "2023/10/{$photo['pk']}";
    $id = wp_insert_attachment(
        ['post_mime_type' => 'image/jpeg', 'post_title' => $photo['alt'], 'post_status' => 'inherit'],
        "$name.jpg"
    );
    update_post_meta($id, '_wp_attachment_image_alt', $photo['alt']);
    $sizes = [];
    foreach (['medium' => 300, 'medium_large' => 768, 'large' => 1024, 'post-thumbnail' => 1568] as $size => $width) {
        $height = (int) round($width * $photo['height'] / $photo['width']);
        $file = "{$photo['pk']}-{$width}x{$height}.jpg";
        $sizes[$size] = ['file' => $file, 'width' => $width, 'height' => $height, 'mime-type' => 'image/jpeg'];
    }
    wp_update_attachment_metadata($id, [
        'width' => $photo['width'],
        'height' => $photo['height'],
        'file' => "$name.jpg",
        'sizes' => $sizes,
        'image_meta' => [],
    ]);
    return $id;
}
